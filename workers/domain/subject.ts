// The person whom an erasure or a request of access is about, and what a store must be able to do for them.
import type { Event } from "./event.ts";
import type { Site } from "./site.ts";

export interface Subject {
  /** The request's, by which a store may know what it has begun for it. */
  id: string;
  /** Pseudonym of the user, as events carry it; "" when the request is about a browser. */
  userId: string;
  /** Browsers and visitors that were theirs alone: pseudonyms, as events carry them. */
  persistentIds: readonly string[];
  visitorIds: readonly string[];
  /** The ids are keyed hashes of those that events carry: of an erasure that is done, to be repeated on a copy of before. */
  sealed?: boolean;
  /** Keyed hashes of the texts that name them, with their lengths; `store/subjects/names.ts` tells whether a text is one. */
  names: readonly string[];
}

/** What is put in place of a text that names an erased person. */
export const ERASED = "(erased)";

/** That some event has these three. */
export type Identity = Pick<Event, "userId" | "persistentId" | "visitorId">;

/** Events that have any of these are asked for. */
export interface WantedIdentities {
  userIds: readonly string[];
  persistentIds: readonly string[];
  visitorIds: readonly string[];
}

/** Which ids are the subject's. */
export interface SubjectIds {
  /** Whether it is about a browser, whoever was signed in there. */
  isBrowser: boolean;
  user(id: string): boolean;
  persistent(id: string): boolean;
  visitor(id: string): boolean;
}

/** Whether an event is the person's: it names them, or names nobody and comes from a browser or visitor that was theirs alone. */
export function isTheirs({ userId, persistentId, visitorId }: Identity, subject: SubjectIds): boolean {
  if (userId !== "" && !subject.isBrowser && subject.user(userId)) return true;
  if (persistentId !== "" && subject.persistent(persistentId)) return userId === "" || subject.isBrowser;
  return userId === "" && subject.visitor(visitorId);
}

export interface HeldOfPerson {
  /** Events of theirs. */
  events: number;
  /** Events of others in which a text names them. */
  named: number;
}

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
  /** "unfinished" when it needs another call, later. */
  erase(env: Env, site: Site, subject: Subject): Promise<Removed | "unfinished">;
  /** Their events in it; left out where the store only has copies of what another store gives. */
  events?(env: Env, site: Site, subject: Subject): AsyncIterable<Event[]>;
}
