// What every look of many viewers reads again from D1, held for a second: a hundred who watch one board then cost a few reads.
// A change on this isolate drops all of it at once; another isolate follows within the second. Only what was read is held:
// a request cannot wait for another's reading.

const HELD_MS = 1_000;
const MOST = 2_000;

interface Held {
  value: unknown;
  since: number;
}

let held = new Map<string, Held>();

/** What `read` gave under that name within the last second, else what it gives now. */
export async function heldAMoment<T>(name: string, read: () => Promise<T>): Promise<T> {
  const store = held;
  const now = Date.now();
  const known = store.get(name);
  if (known && now >= known.since && now < known.since + HELD_MS) return known.value as T; // a name has one type
  const value = await read();
  if (store.size >= MOST) store.clear();
  // After a change meanwhile this is the map that was dropped.
  store.set(name, { value, since: now });
  return value;
}

/** After a change on this isolate; what is being read is not kept either. */
export function dropHeld(): void {
  held = new Map();
}
