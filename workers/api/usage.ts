// Who asked what of the API, how often and how slowly: counted in this isolate, written to D1 some seconds later, as a row an
// hour, asker, route and site.
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import * as z from "zod";
import { CANARY } from "../domain/canary.ts";
import type { SiteId } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { type ApiUsage, addApiUsage, readApiUsage } from "../store/api-usage.ts";
import { observe } from "../store/system/gather.ts";
import { type AppContext, askers, requireOperator, siteAsked } from "./access.ts";
import { actorName } from "./actor-name.ts";
import { later } from "./later.ts";
import { operation } from "./operation.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";
import { outcomeOf } from "./status-class.ts";

const HOUR_MS = 3600_000;
/** How long counts wait for others before they are written. */
const GATHER_MS = 5_000;
/** Rows that wait at most; beyond them they are written at once. */
const MOST_WAITING = 200;

let waiting = new Map<string, ApiUsage>();
let isWriting = false;

function count(row: ApiUsage): void {
  const key = `${row.hour} ${row.actor} ${row.route} ${row.siteId}`;
  const held = waiting.get(key);
  if (!held) return void waiting.set(key, row);
  held.requests += row.requests;
  held.refused += row.refused;
  held.failed += row.failed;
  held.took += row.took;
  held.longest = Math.max(held.longest, row.longest);
}

/** Writes what has been counted. */
export async function writeUsage(db: D1Database): Promise<void> {
  const rows = [...waiting.values()];
  waiting = new Map();
  if (rows.length > 0) await addApiUsage(db, rows);
}

async function writeSoon(db: D1Database): Promise<void> {
  if (waiting.size < MOST_WAITING && isWriting) return;
  if (waiting.size < MOST_WAITING) {
    isWriting = true;
    await scheduler.wait(GATHER_MS);
    isWriting = false;
  }
  await writeUsage(db);
}

/** The route's pattern, not its address, which may hold a secret. */
function routeOf(c: AppContext): string {
  const route = matchedRoutes(c).find(({ method }) => method === c.req.method);
  return route ? `${route.method} ${route.path}` : `${c.req.method} elsewhere`;
}

export const recordUsage = createMiddleware<{ Bindings: Env }>(async (c, next) => {
  const began = Date.now();
  await next();
  const took = Date.now() - began;
  if (siteAsked(c) === CANARY.id) return;
  const [actor] = await askers(c).catch(() => []);
  const { status } = c.res;
  observe(`api ${routeOf(c)}`, took, outcomeOf(status));
  count({
    hour: began - (began % HOUR_MS),
    actor: actorName(actor ?? { kind: "nobody" }),
    route: routeOf(c),
    siteId: siteAsked(c) ?? "",
    requests: 1,
    refused: status >= 400 && status < 500 ? 1 : 0,
    failed: status >= 500 ? 1 : 0,
    took,
    longest: took,
  });
  later(c, writeSoon(c.env.DB));
});

const askedSchema = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 92)
    .default(24),
});

const usageSchema = z
  .strictObject({
    usage: z.array(
      z.strictObject({
        hour: z.int(),
        actor: z.string(),
        route: z.string(),
        siteId: z.string(),
        requests: z.int(),
        refused: z.int(),
        failed: z.int(),
        meanMs: z.int(),
        longestMs: z.int(),
      }),
    ),
  })
  .meta({ id: "Usage" });

async function usageOf(c: AppContext, siteId?: SiteId) {
  const { hours } = readQuery(c, askedSchema);
  const rows = await readApiUsage(c.env.DB, Date.now() - hours * HOUR_MS, siteId);
  return c.json({
    usage: rows.map(({ took, longest, ...row }) => ({
      ...row,
      meanMs: Math.round(took / row.requests),
      longestMs: longest,
    })),
  });
}

/** Of the whole deployment. */
export const usage = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({
    summary: "See who asks what of the API",
    needs: "deployment",
    query: askedSchema,
    replies: { 200: usageSchema },
  }),
  async (c) => {
    await requireOperator(c);
    return usageOf(c);
  },
);

export const siteUsage = new Hono<{ Bindings: Env }>().get(
  "/:id/api-usage",
  operation({
    summary: "See who asks what about a site",
    needs: "keys",
    query: askedSchema,
    replies: { 200: usageSchema },
  }),
  async (c) => usageOf(c, (await siteOf(c, "keys")).id),
);
