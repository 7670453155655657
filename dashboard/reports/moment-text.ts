import { formatClock, formatDate } from "../state/format.ts";

/** A day and a clock in the given zone, the reader's own when left out. */
export const momentText = (at: number, timeZone?: string): string =>
  `${formatDate(at, undefined, timeZone)}, ${formatClock(at, timeZone ? { timeZone } : {})}`;
