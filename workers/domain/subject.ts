// The person whom an erasure or a request of access is about, and what a store must be able to do for them.
import type { Event } from "./event.ts";
import type { Site } from "./site.ts";

export interface Subject {
  /** Pseudonym of the user, as events carry it. */
  userId: string;
  /** Browsers and visitors that were theirs alone: pseudonyms, as events carry them. */
  persistentIds: readonly string[];
  visitorIds: readonly string[];
  /** Whole texts that name them, as they were sent: the user id, and what else the request gives. */
  names: readonly string[];
}

/** What is put in place of a text that names an erased person. */
export const ERASED = "(erased)";

/** What an erasure took out of one store: counts by what was counted, such as `events` or `rows`. */
export interface Removed {
  store: string;
  removed: Readonly<Record<string, number>>;
  /** What remains and for how long, or why the store could not hold the person. */
  note: string;
}

/**
 * A place that may hold something of a person. `erase` can be repeated: after a crash it is called again from the start,
 * and what was removed before then counts no more.
 */
export interface PersonalStore<Env> {
  readonly name: string;
  /** What it can hold of a person, for the receipt and the record of processing. */
  readonly about: string;
  erase(env: Env, site: Site, subject: Subject): Promise<Removed>;
  /** Their events in it; left out where the store only has copies of what another store gives. */
  events?(env: Env, site: Site, subject: Subject): AsyncIterable<Event[]>;
}
