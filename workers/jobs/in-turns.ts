// Work of a job that others should notice little of.
import type { Env } from "../env.ts";

const AT_ONCE = 6;
/** On one machine all share a thread: one at a time, and then for longer than it took it is the others'. */
const AT_ONCE_LOCAL = 1;
const REST_LOCAL = 1.2;
const MOST_REST_MS = 2_000;

/** Some at a time, each by itself; what went wrong. */
export async function inTurns<Item>(
  { EDGEWISE_LOCAL }: Pick<Env, "EDGEWISE_LOCAL">,
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<unknown[]> {
  const failures: unknown[] = [];
  const isLocal = EDGEWISE_LOCAL === "1";
  const atOnce = isLocal ? AT_ONCE_LOCAL : AT_ONCE;
  for (let first = 0; first < items.length; first += atOnce) {
    const began = Date.now();
    for (const done of await Promise.allSettled(items.slice(first, first + atOnce).map(act))) {
      if (done.status === "rejected") failures.push(done.reason);
    }
    const restMs = Math.min(MOST_REST_MS, REST_LOCAL * (Date.now() - began));
    if (isLocal) await new Promise<void>((done) => setTimeout(done, restMs));
  }
  return failures;
}
