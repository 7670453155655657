import { HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";
import { type Hours, STILL, usualHour } from "../usual-hour.ts";

/** Events that must be missing in a row of hours. */
const LEAST_MISSING = 40;

interface Silence {
  from: number;
  to: number;
  expected: number;
  found: number;
}

/** Runs of hours that are silent though they should not be. */
function silences(hours: Hours, from: number, to: number): Silence[] {
  const found: Silence[] = [];
  for (let at = from; at < to; at += HOUR_MS) {
    const usual = usualHour(hours, at);
    const count = hours.get(at) ?? 0;
    if (usual === null || usual === 0 || count > STILL * usual) continue;
    const last = found.at(-1);
    if (last?.to !== at) found.push({ from: at, to: at + HOUR_MS, expected: usual, found: count });
    else Object.assign(last, { to: at + HOUR_MS, expected: last.expected + usual, found: last.found + count });
  }
  return found;
}

/** Hours in which next to nothing came, where a good deal comes at this time of the week. Looks at `from` to `to`. */
export function gaps(hours: Hours, from: number, to: number, subject = "events"): StreamFinding[] {
  return silences(hours, from, to)
    .filter(({ expected }) => expected >= LEAST_MISSING)
    .map((silence) => {
      const expected = Math.round(silence.expected);
      const reason = `${silence.found} ${subject} from ${hourOf(silence.from)} to ${hourOf(silence.to)}, usually ${expected}`;
      return { ...silence, fault: "gap", subject, expected, reason };
    });
}
