import type { Actor } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Author } from "../domain/resource.ts";
import { type AppContext, siteAskers } from "./access.ts";
import { actorName } from "./actor-name.ts";

const NAMES: Readonly<Record<Exclude<Actor["kind"], "person">, string>> = {
  operator: "Operator",
  key: "API key",
  share: "",
  nobody: "",
};

/** Those who see the site that is asked for and can make something there that is theirs; a share link is nobody in particular. */
export async function authorsAsking(c: AppContext): Promise<Author[]> {
  const authors = (await siteAskers(c)).filter(({ kind }) => kind !== "share" && kind !== "nobody");
  return authors.map((actor) => ({
    id: actorName(actor),
    name: actor.kind === "person" ? actor.person.name : NAMES[actor.kind],
  }));
}

export async function authorOf(c: AppContext): Promise<Author> {
  const [author] = await authorsAsking(c);
  if (author) return author;
  throw new AppError("forbidden", "a share link reads only; sign in");
}
