import type { PersonalStore } from "../../domain/subject.ts";

/** A store that cannot hold the site's users, and why. */
export function withoutPersons(name: string, about: string, why: string): PersonalStore<unknown> {
  return { name, about, erase: async () => ({ store: name, removed: {}, note: why }) };
}
