import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { newGoalSchema, newSiteSchema, type Site, sitePatchSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { createApiKey } from "../store/api-keys.ts";
import { readDrops } from "../store/drops.ts";
import { addGoal, listGoals, removeGoal } from "../store/goals.ts";
import { liveSite, siteShard } from "../store/objects.ts";
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
  return Promise.all(Array.from({ length: site.shards }, (_, shard) => siteShard(env, site, shard).stats()));
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
  .get("/:id", async (c) => c.json(await siteOf(c)))
  .patch("/:id", async (c) => {
    const site = await siteOf(c);
    const patch = await readValid(c.req.raw, sitePatchSchema);
    const changed = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
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
    await Promise.all(Array.from({ length: site.shards }, (_, shard) => siteShard(c.env, site, shard).flush()));
    return c.body(null, 204);
  });
