// Wall-clock time of an IANA zone, fast enough to ask for every line of a file.

const QUARTER_MS = 15 * 60_000;

export interface WallClock {
  /** Milliseconds to add to UTC to get the zone's wall-clock time. */
  offset(utcMs: number): number;
  /** The moment of a wall-clock time; of the two in an autumn hour the first, in a spring gap the moment after it. */
  toUtc(wallMs: number): number;
}

/** Offsets are asked once per quarter of an hour, the smallest step at which zones have ever changed since 1970. */
export function wallClock(timeZone: string): WallClock {
  if (timeZone === "UTC") return { offset: () => 0, toUtc: (wallMs) => wallMs };
  const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
  const known = new Map<number, number>();
  const offset = (utcMs: number) => {
    const quarter = Math.floor(utcMs / QUARTER_MS);
    const remembered = known.get(quarter);
    if (remembered !== undefined) return remembered;
    if (known.size > 10_000) known.clear();
    const found = offsetFromName(format, quarter * QUARTER_MS);
    known.set(quarter, found);
    return found;
  };
  const toUtc = (wallMs: number) => {
    const early = wallMs - offset(wallMs - 86_400_000);
    if (early + offset(early) === wallMs) return early;
    const late = wallMs - offset(early);
    return late + offset(late) === wallMs ? late : early;
  };
  return { offset, toUtc };
}

function offsetFromName(format: Intl.DateTimeFormat, utcMs: number): number {
  const name = format.formatToParts(utcMs).find((part) => part.type === "timeZoneName")?.value ?? "GMT";
  const match = /([+-])(\d{2}):(\d{2})/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return minutes * 60_000 * (match[1] === "-" ? -1 : 1);
}
