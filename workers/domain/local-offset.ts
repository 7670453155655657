import { Temporal } from "temporal-polyfill";

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** Milliseconds to add to UTC for the zone's time at that moment. Zones change on full quarters, and at most once a day. */
export function localOffset(timeZone: string): (at: number) => number {
  const known = new Map<number, number>();
  const offsetOf = (at: number): number => {
    const held = known.get(at);
    if (held !== undefined) return held;
    const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
    const offset = zoned.offsetNanoseconds / 1e6;
    known.set(at, offset);
    return offset;
  };
  const floor = (at: number, unit: number) => Math.floor(at / unit) * unit;
  return (at) => {
    const day = floor(at, DAY_MS);
    const offset = offsetOf(day);
    return offset === offsetOf(day + DAY_MS) ? offset : offsetOf(floor(at, QUARTER_MS));
  };
}
