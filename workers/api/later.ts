import type { AppContext } from "./access.ts";

/** Lets work go on behind the answer; what fails there is logged, since nobody waits for it. */
export function later(c: AppContext, work: Promise<unknown>): void {
  const watched = work.catch((error: unknown) => console.error("after the answer:", error));
  try {
    c.executionCtx.waitUntil(watched);
  } catch {
    // Called without a context, as jobs do: the work runs as long as its caller does.
  }
}
