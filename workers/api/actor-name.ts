import type { Actor } from "../domain/access.ts";

/** The id is the link's secret; its beginning tells which one it is. */
export const shareName = (id: string): string => id.slice(0, 12);

export const personName = (id: string): string => `person ${id}`;

/** Who asks, as limits and the log of requests count them: never an address, a token or a name of a person. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case "operator":
    case "nobody":
      return actor.kind;
    case "person":
      return personName(actor.person.id);
    case "key":
      return `key ${actor.id}`;
    case "share":
      return `share ${shareName(actor.id)}`;
  }
}
