// What the system measures of itself, gathered in this isolate and written to D1 at most once a minute: numbers alone, so
// that any request may carry those of all others. A crash loses the last minute of measures, and never an event.
import {
  type Counted,
  type Counts,
  type MeasureName,
  SLOT_MS,
  type SlowQuestion,
  slowest,
  totalsOf,
} from "../../domain/measures.ts";
import { type Added, addTo, emptyTally, type Tally } from "../../domain/tally.ts";
import { isolateNumber, measureKey, upsertMeasures } from "./measure-rows.ts";

interface Slot {
  start: number;
  tallies: Map<MeasureName, Tally>;
  counts: Counts;
  slow: SlowQuestion[];
  isWritten: boolean;
}

const WRITE_MS = 60_000;
/** Where many isolates write, each does so less often: no more than about a row a second in all, and still one a slot. */
const SLOWEST_WRITE = 5;
/** Slots that wait for D1 at most; the oldest go first. */
const MOST_WAITING = 12;
const PATIENCE_MS = 20_000;

const slotOf = (now: number): number => now - (now % SLOT_MS);
const newSlot = (start: number): Slot => ({ start, tallies: new Map(), counts: {}, slow: [], isWritten: true });

let held = newSlot(0);
let waiting: Slot[] = [];
let nextWrite = 0;
/** When the writing under way began; of a request that was cut off nothing more is heard. */
let writingSince = 0;

/** Adds one measured value to those of its name. */
export function observe(name: MeasureName, value: number, added?: Added): void {
  let tally = held.tallies.get(name);
  if (!tally) {
    tally = emptyTally();
    held.tallies.set(name, tally);
  }
  addTo(tally, value, added);
  held.isWritten = false;
}

export function countUse(name: Counted, amount = 1): void {
  held.counts[name] = (held.counts[name] ?? 0) + amount;
  held.isWritten = false;
}

export function noteSlow(question: SlowQuestion): void {
  held.slow = slowest([...held.slow, question]);
  held.isWritten = false;
}

function turn(now: number): void {
  const start = slotOf(now);
  if (held.start === start) return;
  // What came before the first look at the clock belongs to the slot of now.
  if (held.start === 0) held.start = start;
  else {
    if (!held.isWritten) waiting = [...waiting, held].slice(-MOST_WAITING);
    held = newSlot(start);
  }
}

/** Whether it is time to write; then who asked is the one to do it. Asked by every request, so it does no more than compare. */
export function claimWriting(now: number): boolean {
  if (now < nextWrite) return false;
  nextWrite = now + WRITE_MS;
  return true;
}

const isBusy = (now: number): boolean => now >= writingSince && now < writingSince + PATIENCE_MS;

/** Writes what was gathered, as full values: repeating it changes nothing. What D1 does not take is kept for the next time. */
export async function writeMeasures(db: D1Database, now: number): Promise<void> {
  if (isBusy(now)) return;
  turn(now);
  writingSince = now;
  nextWrite = now + WRITE_MS;
  const slots = [...waiting, held].filter((slot) => !slot.isWritten);
  const rows = slots.map(({ start, counts, slow, ...slot }) => {
    const detail = { tallies: Object.fromEntries(slot.tallies), slow };
    return { id: measureKey(start, isolateNumber()), totals: totalsOf({ counts, ...detail }), detail };
  });
  // Before what waits: measures of meanwhile are written the next time.
  for (const slot of slots) slot.isWritten = true;
  try {
    const isolates = await upsertMeasures(db, rows, held.start);
    waiting = waiting.filter((slot) => !slots.includes(slot));
    nextWrite = now + WRITE_MS * Math.min(Math.max(1, isolates), SLOWEST_WRITE);
  } catch (error) {
    for (const slot of slots) slot.isWritten = false;
    console.error("measures were not written and are tried again", error);
  } finally {
    writingSince = 0;
  }
}

/** Forgets what is not written; for tests, and for isolates that begin anew. */
export function forgetMeasures(): void {
  held = newSlot(0);
  waiting = [];
  nextWrite = 0;
  writingSince = 0;
}
