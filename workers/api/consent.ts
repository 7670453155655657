// What pages ask and say about consent, from any origin: whether to ask their visitor, and that one took it back.
import { Hono } from "hono";
import * as z from "zod";
import { asksIn, type ConsentQuestion } from "../domain/consent.ts";
import { consentQuestionSchema } from "../domain/consent-setting.ts";
import { AppError } from "../domain/errors.ts";
import { type Site, type SiteId, siteIdSchema } from "../domain/site.ts";
import { withdrawalSchema } from "../domain/withdrawal.ts";
import type { Env } from "../env.ts";
import { browserPseudonym } from "../ingest/identity.ts";
import { identityKey } from "../store/secrets.ts";
import { cachedSite } from "../store/sites.ts";
import { recordWithdrawal } from "../store/withdrawals.ts";
import { corsHeaders } from "./collect.ts";
import { type EdgeFacts, edgeFacts } from "./edge-facts.ts";
import { eraseWithdrawn } from "./erase-withdrawn.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";

const askedSchema = z.object({ site: siteIdSchema });

async function siteNamed(env: Env, id: SiteId): Promise<Site> {
  const site = await cachedSite(env.DB, id, Date.now());
  if (!site) throw new AppError("not_found", "no such site; check data-site in the snippet");
  return site;
}

/** A browser that sent a signal has answered: it is not asked. */
function questionFor({ consent, honourDoNotTrack }: Site, { doNotTrack, place }: EdgeFacts): ConsentQuestion {
  const isAsked = asksIn(consent, place.country);
  return {
    ask: isAsked && !(doNotTrack && honourDoNotTrack),
    before: isAsked ? consent.before : "cookieless",
    purposes: consent.purposes,
  };
}

export const consent = new Hono<{ Bindings: Env }>()
  .use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(corsHeaders(c.req.raw)))
      c.header(name, value, { append: name === "vary" });
  })
  .get(
    "/",
    operation({
      summary: "Learn whether a page is to ask its visitor for consent",
      needs: "nothing",
      about:
        "By the site's settings and the country of the request; a place that nobody knows counts as one that asks.",
      query: askedSchema,
      replies: { 200: consentQuestionSchema },
      errors: ["not_found", "too_many_requests"],
    }),
    async (c) => {
      await admit(c, { kind: "nobody" });
      const site = await siteNamed(c.env, readQuery(c, askedSchema).site);
      c.header("cache-control", "private, max-age=600");
      c.header("vary", "dnt, sec-gpc");
      return c.json(questionFor(site, edgeFacts(c.req.raw, c.env, Date.now())));
    },
  )
  .post(
    "/",
    operation({
      summary: "Take a browser's consent back",
      needs: "nothing",
      about:
        "Events that carry the browser's id are refused from now on, and those that were stored are to be erased. For a user, a site's own server says it, with a key.",
      body: withdrawalSchema,
      replies: { 204: null },
      errors: ["not_found", "too_many_requests"],
      audit: {
        why: "a visitor does it, who is nobody to the deployment; the withdrawal itself is kept by its pseudonym",
      },
    }),
    async (c) => {
      await admit(c, { kind: "nobody" });
      const { site: id, persistentId } = await readValid(c.req.raw, withdrawalSchema);
      const site = await siteNamed(c.env, id);
      const pseudonym = browserPseudonym(await identityKey(c.env), site.id, persistentId);
      const who = { siteId: site.id, pseudonym, kind: "browser" } as const;
      const row = await recordWithdrawal(c.env.DB, who, Date.now());
      await eraseWithdrawn(c.env, site, { row, whom: { persistentId }, by: "the browser" });
      return c.body(null, 204);
    },
  );
