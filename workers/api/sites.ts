import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { newGoalSchema, newSiteSchema, type Site, sitePatchSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { createApiKey } from "../store/api-keys.ts";
import { readDrops } from "../store/drops.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { addGoal, listGoals, removeGoal } from "../store/goals.ts";
import { raiseShards } from "../store/moves.ts";
import { liveSite, siteShard } from "../store/objects.ts";
import { readRollChecks } from "../store/roll-checks.ts";
import { shardsOf } from "../store/shard-routes.ts";
import { createSite, forgetSite, listSites, updateSite } from "../store/sites.ts";
import { requireOwner } from "./access.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;

const newKeySchema = z.strictObject({
  label: z.string().trim().min(1).max(120),
  scopes: z.array(z.enum(["import", "query"])).min(1),
});

async function shardStats(env: Env, site: Site) {
  return Promise.all(shardsOf(site).map(({ epoch, shard }) => siteShard(env, { ...site, epoch }, shard).stats()));
}

/** How far the move to the next epoch is, null when none is under way. */
async function moveOf(env: Env, site: Site) {
  const { epoch, nextShards } = site;
  if (nextShards === null) return null;
  const next = { ...site, epoch: epoch + 1 };
  const all = await Promise.all(
    Array.from({ length: nextShards }, (_, shard) => siteShard(env, next, shard).moveProgress()),
  );
  const sum = (part: "pieces" | "taken" | "events") => all.reduce((total, one) => total + one[part], 0);
  return { epoch: epoch + 1, shards: nextShards, pieces: sum("pieces"), taken: sum("taken"), events: sum("events") };
}

/** Sets the number of shards, or leaves it to the load. */
async function changeShards(env: Env, site: Site, shards: number | "auto"): Promise<Partial<Site>> {
  if (shards === "auto") return { autoShards: true };
  const now = site.nextShards ?? site.shards;
  const refuse = (code: "invalid" | "conflict", message: string): never => {
    throw new AppError(code, message, { errors: [{ path: "shards", message }] });
  };
  if (shards < now) refuse("invalid", `the site has ${now} shards, and they cannot become fewer; keep ${now} or more`);
  if (shards > now && site.nextShards !== null) {
    refuse("conflict", `history is being moved to ${now} shards; raise them further once that is done`);
  }
  if (shards > now && env.EDGEWISE_PLAN === "free") refuse("invalid", "the free plan allows one shard a site; keep 1");
  if (shards > now) await raiseShards(env, site, { shards, now: Date.now() });
  return { autoShards: false };
}

export const sites = new Hono<{ Bindings: Env }>()
  .use(async (c, next) => {
    await requireOwner(c);
    await next();
  })
  .get("/", async (c) => c.json({ sites: await listSites(c.env.DB) }))
  .post("/", async (c) => {
    const site = await createSite(c.env.DB, await readValid(c.req.raw, newSiteSchema), Date.now());
    forgetSite(site.id);
    return c.json(site, 201);
  })
  .get("/:id", async (c) => {
    const site = await siteOf(c);
    return c.json({ ...site, move: await moveOf(c.env, site) });
  })
  .patch("/:id", async (c) => {
    const site = await siteOf(c);
    const patch = await readValid(c.req.raw, sitePatchSchema);
    const { shards, ...settings } = patch;
    const changed = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
    if (shards !== undefined) Object.assign(changed, await changeShards(c.env, site, shards));
    const updated = await updateSite(c.env.DB, site.id, changed);
    forgetSite(site.id);
    return c.json(updated);
  })
  .get("/:id/status", async (c) => {
    const site = await siteOf(c);
    const stats = await shardStats(c.env, site);
    const firsts = stats.map((one) => one.firstEventAt).filter((at) => at !== null);
    const lasts = stats.map((one) => one.lastEventAt).filter((at) => at !== null);
    return c.json({
      firstEventAt: firsts.length > 0 ? Math.min(...firsts) : null,
      lastEventAt: lasts.length > 0 ? Math.max(...lasts) : null,
      events: stats.reduce((sum, one) => sum + one.events, 0),
      drops: await readDrops(c.env.DB, site.id, Date.now() - DAY_MS),
      rollups: await readRollChecks(c.env.DB, site),
      shards: stats,
    });
  })
  .get("/:id/goals", async (c) => c.json({ goals: await listGoals(c.env.DB, (await siteOf(c)).id) }))
  .post("/:id/goals", async (c) => {
    const site = await siteOf(c);
    const { name, kind, match } = await readValid(c.req.raw, newGoalSchema);
    const goal = { id: crypto.randomUUID(), name: name ?? match, kind, match };
    await addGoal(c.env.DB, site.id, { ...goal, createdAt: Date.now() });
    await liveSite(c.env, site).refresh();
    return c.json(goal, 201);
  })
  .delete("/:id/goals/:goalId", async (c) => {
    const site = await siteOf(c);
    if (!(await removeGoal(c.env.DB, site.id, c.req.param("goalId")))) {
      throw new AppError("not_found", "the site has no such goal");
    }
    await liveSite(c.env, site).refresh();
    return c.body(null, 204);
  })
  .post("/:id/keys", async (c) => {
    const site = await siteOf(c);
    const { label, scopes } = await readValid(c.req.raw, newKeySchema);
    return c.json(await createApiKey(c.env.DB, site.id, { label, scopes, now: Date.now() }), 201);
  })
  /** Copies what waits in the shards to D1 now, for those who want to read it there at once. */
  .post("/:id/flush", async (c) => {
    const site = await siteOf(c);
    await inEachEpoch(c.env, site, async (shard) => shard.flush());
    return c.body(null, 204);
  });
