import type { Actor } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Author } from "../domain/resource.ts";
import { type AppContext, actorsLetIn } from "./access.ts";
import { actorName } from "./actor-name.ts";

const NAMES: Readonly<Record<Exclude<Actor["kind"], "person">, string>> = {
  operator: "Operator",
  key: "API key",
  share: "",
  nobody: "",
};

/** Those let in at the site who can make something that is theirs; a share link is nobody in particular. */
export function authorsAsking(c: AppContext): Author[] {
  const authors = actorsLetIn(c).filter(({ kind }) => kind !== "share");
  return authors.map((actor) => ({
    id: actorName(actor),
    name: actor.kind === "person" ? actor.person.name : NAMES[actor.kind],
  }));
}

export function authorOf(c: AppContext): Author {
  const [author] = authorsAsking(c);
  if (author) return author;
  throw new AppError("forbidden", "a share link reads only; sign in");
}

/** Whether those who ask are told who made things: not by a share link. */
export const readsNames = (c: AppContext): boolean => authorsAsking(c).length > 0;
