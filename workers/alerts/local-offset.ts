import { Temporal } from "temporal-polyfill";
import { HOUR_MS } from "./series.ts";

/** Milliseconds to add to UTC for the zone's time at that moment. Zones change on full quarters, so hours are remembered. */
export function localOffset(timeZone: string): (at: number) => number {
  const known = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / (HOUR_MS / 4));
    const held = known.get(quarter);
    if (held !== undefined) return held;
    const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * (HOUR_MS / 4)).toZonedDateTimeISO(timeZone);
    const offset = zoned.offsetNanoseconds / 1e6;
    known.set(quarter, offset);
    return offset;
  };
}
