// What other currencies are worth in the site's own, by date.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { currencySchema, type Rate, rateSchema, sinceSchema } from "../domain/rates.ts";
import type { Site, SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { listRates, removeRate, setRate } from "../store/rates.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const PATH = "/:id/rates/:currency/:since";

const named = { currency: currencySchema, since: sinceSchema };
const rateReply = rateSchema.extend({ currency: z.string(), since: z.string() }) satisfies z.ZodType<Rate>;

/** The rate that the path names, for those who may change the site. */
async function namedRate(c: AppContext): Promise<{ site: Site; base: string; currency: string; since: string }> {
  const site = await siteOf(c, "settings");
  const currency = currencySchema.safeParse(c.req.param("currency"));
  if (!currency.success) throw invalidField("currency", currency.error.issues[0]!.message);
  const since = sinceSchema.safeParse(c.req.param("since"));
  if (!since.success) throw invalidField("since", since.error.issues[0]!.message);
  if (site.currency === null) throw new AppError("conflict", "the site has no currency of its own; set it first");
  if (site.currency === currency.data)
    throw invalidField("currency", `${site.currency} is the site's own; name another`);
  return { site, base: site.currency, currency: currency.data, since: since.data };
}

/** As it was before a change. */
async function rateSet(
  c: AppContext,
  siteId: SiteId,
  { base, currency, since }: Omit<Rate, "rate"> & { base: string },
) {
  const all = await listRates(c.env.DB, siteId, base);
  const found = all.find((one) => one.currency === currency && one.since === since);
  return found && { rate: found.rate };
}

export const rates = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/rates",
    operation({
      summary: "List a site's rates",
      needs: "query",
      query: pageSchema,
      replies: { 200: z.strictObject({ currency: z.string().nullable(), rates: z.array(rateReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { currency } = site;
      const all = currency === null ? [] : await listRates(c.env.DB, site.id, currency);
      const byDate = { key: (rate: Rate) => [rate.currency, rate.since], kinds: ["string", "string"] } as const;
      const { entries, next } = await pageOfAll(c, all, byDate);
      return c.json({ currency, rates: entries, next });
    },
  )
  .put(
    PATH,
    operation({
      summary: "Set a rate",
      needs: "settings",
      path: named,
      body: rateSchema,
      replies: { 200: rateReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const { site, ...named } = await namedRate(c);
      const { rate } = await readValid(c.req.raw, rateSchema);
      recordChange(c, { before: await rateSet(c, site.id, named), after: { rate } });
      await setRate(c.env.DB, site.id, { ...named, rate });
      return c.json({ currency: named.currency, since: named.since, rate });
    },
  )
  .delete(
    PATH,
    operation({
      summary: "Remove a rate",
      needs: "settings",
      path: named,
      replies: { 204: null },
      errors: ["conflict"],
    }),
    async (c) => {
      const { site, ...named } = await namedRate(c);
      recordChange(c, { before: await rateSet(c, site.id, named) });
      if (!(await removeRate(c.env.DB, site.id, named))) throw new AppError("not_found", "there is no such rate");
      return c.body(null, 204);
    },
  );
