// What a report may show is what its maker may see, whoever reads it.
import { may } from "../access/may.ts";
import type { Actor } from "../domain/access.ts";
import { type Site, siteIdSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { findPerson } from "../store/people.ts";
import { findSite } from "../store/sites.ts";

const PERSON = /^person (.+)$/;

/** By the name that authors have; a key reads its own site alone, and who left nothing. */
async function actorNamed(env: Env, author: string): Promise<Actor> {
  if (author === "operator") return { kind: "operator" };
  const id = PERSON.exec(author)?.[1];
  return (id === undefined ? null : await findPerson(env.DB, id)) ?? { kind: "nobody" };
}

/** Null for a site that is not there, or that the maker may not read. */
export async function siteReadBy(env: Env, author: string, id: string): Promise<Site | null> {
  const wanted = siteIdSchema.safeParse(id);
  if (!wanted.success) return null;
  const [actor, site] = await Promise.all([actorNamed(env, author), findSite(env.DB, wanted.data)]);
  return site && may(actor, "query", { siteId: site.id, teamId: site.teamId }) === "yes" ? site : null;
}
