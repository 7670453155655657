import { HOUR_MS, hourOf, type StreamFinding } from "../stream-finding.ts";
import { type Memory, STILL, usualHour } from "../usual-hour.ts";

/** Events that must be missing in a row of hours, those at its edges included, and in the silent hours alone. */
const LEAST_MISSING = 40;
const LEAST_SILENT = 15;

interface Silence {
  from: number;
  to: number;
  expected: number;
  found: number;
}

/** Runs of hours that are silent though they should not be. */
function silences(memory: Memory, from: number, to: number): Silence[] {
  const found: Silence[] = [];
  for (let at = from; at < to; at += HOUR_MS) {
    const usual = usualHour(memory, at);
    const count = memory.hours.get(at) ?? 0;
    if (usual === null || usual === 0 || count > STILL * usual) continue;
    const last = found.at(-1);
    if (last?.to !== at) found.push({ from: at, to: at + HOUR_MS, expected: usual, found: count });
    else Object.assign(last, { to: at + HOUR_MS, expected: last.expected + usual, found: last.found + count });
  }
  return found;
}

/** What is missing in an hour beside a silence, which may have begun or ended within it. */
function missingIn(memory: Memory, at: number): number {
  const usual = usualHour(memory, at);
  const count = memory.hours.get(at);
  return usual === null || count === undefined ? 0 : Math.max(0, usual - count);
}

function isGap(memory: Memory, { from, to, expected }: Silence): boolean {
  if (expected >= LEAST_MISSING) return true;
  return (
    expected >= LEAST_SILENT && missingIn(memory, from - HOUR_MS) + expected + missingIn(memory, to) >= LEAST_MISSING
  );
}

/** Hours in which next to nothing came, where a good deal comes at this time of the week. Looks at `from` to `to`. */
export function gaps(memory: Memory, from: number, to: number, subject = "events"): StreamFinding[] {
  return silences(memory, from, to)
    .filter((silence) => isGap(memory, silence))
    .map((silence) => {
      const expected = Math.round(silence.expected);
      const reason = `${silence.found} ${subject} from ${hourOf(silence.from)} to ${hourOf(silence.to)}, usually ${expected}`;
      return { ...silence, fault: "gap", subject, expected, reason };
    });
}
