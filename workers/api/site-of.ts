import { AppError } from "../domain/errors.ts";
import { type Site, siteIdSchema } from "../domain/site.ts";
import { findSite } from "../store/sites.ts";
import type { AppContext } from "./access.ts";

/** The site that the path names, fresh from D1. */
export async function siteOf(c: AppContext): Promise<Site> {
  const id = siteIdSchema.safeParse(c.req.param("id"));
  const site = id.success ? await findSite(c.env.DB, id.data) : null;
  if (!site) throw new AppError("not_found", `there is no site ${c.req.param("id")}`);
  return site;
}
