// What every look of many viewers reads again from D1, held for a second: a hundred who watch one board then cost a few reads,
// also when all come in the same moment. A change on this isolate drops all of it at once; another isolate follows within the
// second. A request cannot wait for another's reading, whose promise may never settle: it looks again whether that is there.

const HELD_MS = 1_000;
const MOST = 2_000;
const LOOK_AGAIN_MS = 8;
/** A reading that took longer belongs to a request that was given up, or to a slow database: then each reads for itself. */
const PATIENCE_MS = 250;

interface Held {
  value: unknown;
  since: number;
}

let held = new Map<string, Held>();
/** By name: since when somebody reads it. */
let reading = new Map<string, number>();

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

/** What `read` gave under that name within the last second, else what it gives now. */
export async function heldAMoment<T>(name: string, read: () => Promise<T>): Promise<T> {
  for (;;) {
    const now = Date.now();
    const known = held.get(name);
    if (known && now >= known.since && now < known.since + HELD_MS) return known.value as T; // a name has one type
    const since = reading.get(name);
    if (since === undefined || now < since || now >= since + PATIENCE_MS) return readNow(name, read);
    await pause();
  }
}

async function readNow<T>(name: string, read: () => Promise<T>): Promise<T> {
  const [store, readers] = [held, reading];
  const since = Date.now();
  if (readers.size >= MOST) readers.clear();
  readers.set(name, since);
  try {
    const value = await read();
    if (store.size >= MOST) store.clear();
    // After a change meanwhile this is the map that was dropped.
    store.set(name, { value, since });
    return value;
  } finally {
    // After too long it may be another's by now.
    if (readers.get(name) === since) readers.delete(name);
  }
}

/** After a change on this isolate; what is being read is not kept either. */
export function dropHeld(): void {
  held = new Map();
  reading = new Map();
}
