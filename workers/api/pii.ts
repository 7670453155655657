// What was done with personal values on their way in: by kind, place and day, never the values. And a text to try it on.
import { Hono } from "hono";
import * as z from "zod";
import type { FoundKind, PiiFound, PiiSettings } from "../domain/pii-kind.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { localDate } from "../ingest/local-date.ts";
import { TYPED } from "../ingest/pii/find-pii.ts";
import { maskProps } from "../ingest/pii/mask-props.ts";
import { type FoundCounts, maskingOf, maskText } from "../ingest/pii/masking.ts";
import { type FoundHour, readPiiFound } from "../store/pii-found.ts";
import { identityKey } from "../store/secrets.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { piiFoundReply, triedPiiReply, tryPiiSchema } from "./pii-schemas.ts";
import { readValid } from "./read-json.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;

const askedSchema = pageSchema.extend({
  /** How far back, in days. */
  days: z.coerce.number().int().min(1).max(400).default(30),
});

function byDay(hours: readonly FoundHour[], { timeZone }: Site): PiiFound[] {
  const days = new Map<string, PiiFound>();
  for (const { hour, kind, place, count } of hours) {
    const date = localDate(hour, timeZone);
    const name = `${date} ${kind} ${place}`;
    days.set(name, { date, kind, place, count: (days.get(name)?.count ?? 0) + count });
  }
  return [...days.values()];
}

interface Tried {
  text: string;
  key: string | undefined;
  settings: PiiSettings;
}

async function tryOn(env: Env, site: Site, { text, key, settings }: Tried) {
  const counts: FoundCounts = {};
  const hash = { identityKey: await identityKey(env), siteId: site.id };
  const task = { masking: maskingOf(settings), hash, counts };
  const kept =
    key === undefined ? maskText(text, { ...task, place: "title", about: TYPED }) : maskProps({ [key]: text }, task);
  const [value = null] = key === undefined ? [kept.text] : Object.values(kept);
  const found = Object.entries(counts).map(([name, count]) => {
    const kind = name.slice(0, name.indexOf(" ")) as FoundKind; // as `countName` writes it
    return { kind, count };
  });
  return { text: typeof value === "string" ? value : null, found };
}

export const pii = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/pii",
    operation({
      summary: "See which personal values were replaced",
      needs: "query",
      about: "By day, kind and place. The values are kept nowhere.",
      query: askedSchema,
      replies: { 200: z.strictObject({ found: z.array(piiFoundReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const { days } = readQuery(c, askedSchema);
      const all = byDay(await readPiiFound(c.env.DB, site.id, Date.now() - days * DAY_MS), site);
      const { entries, next } = await pageOfAll(c, all, {
        key: ({ date, kind, place }) => [date, kind, place],
        kinds: ["string", "string", "string"],
      });
      return c.json({ found: entries, next });
    },
  )
  .post(
    "/:id/pii/try",
    operation({
      summary: "Try the settings for personal values on a text",
      needs: "settings",
      about: "Nothing is kept or counted.",
      body: tryPiiSchema,
      replies: { 200: triedPiiReply },
      audit: { why: "tries settings on a text that is not kept, and changes nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { text, key, pii: settings = site.pii } = await readValid(c.req.raw, tryPiiSchema);
      return c.json(await tryOn(c.env, site, { text, key, settings }));
    },
  );
