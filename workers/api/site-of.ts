import type { SiteAction } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import { type Site, siteIdSchema } from "../domain/site.ts";
import { type AppContext, knownAskers, siteAt } from "./access.ts";

/** The site that the path names, for those who may do that with it. */
export async function siteOf(c: AppContext, action: SiteAction): Promise<Site> {
  await knownAskers(c);
  const id = siteIdSchema.safeParse(c.req.param("id"));
  const site = id.success ? await siteAt(c, id.data, action) : null;
  if (!site) throw new AppError("not_found", `there is no site ${c.req.param("id")}`);
  return site;
}
