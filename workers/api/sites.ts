import { Hono } from "hono";
import * as z from "zod";
import { anyMay } from "../access/may.ts";
import { type Actor, MAIN_TEAM, type Place } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import { DEFAULT_PII } from "../domain/pii-kind.ts";
import { definedOf } from "../domain/retention.ts";
import { newSiteSchema, type Site, sitePatchSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { readDrops } from "../store/drops.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { historyBegins } from "../store/histories.ts";
import { raiseShards } from "../store/moves.ts";
import { siteShard } from "../store/objects.ts";
import { readRollChecks } from "../store/roll-checks.ts";
import { createSite, forgetSite, listSites, updateSite } from "../store/sites.ts";
import { listTeams } from "../store/teams.ts";
import { knownAskers } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";
import { movedReply, statusReply } from "./site-replies.ts";
import { siteSchema } from "./site-schema.ts";
import { shardStats } from "./site-stats.ts";

const DAY_MS = 24 * 3600_000;

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
  if (shards > now && !(await raiseShards(env, site, { shards, now: Date.now() }))) {
    refuse("conflict", "the site's archive is being changed, or a move has just begun; ask again in a minute");
  }
  return { autoShards: false };
}

/** Allowed values may name people: they are for those who set them. */
function shownTo(actors: Actor[], site: Site): Site {
  if (anyMay(actors, "settings", placeOf(site)) === "yes") return site;
  return { ...site, pii: { ...site.pii, allow: DEFAULT_PII.allow, patterns: [] } };
}

const placeOf = ({ id, teamId }: Site): Place => ({ siteId: id, teamId });

/** The team that a new site is given to: the one named, else the main one, else the only one its maker may. */
async function teamForSite(env: Env, actors: Actor[], wanted: string | undefined): Promise<string> {
  const seen = (await listTeams(env.DB)).filter(({ id }) => anyMay(actors, "sites", { teamId: id }) !== "unseen");
  const mayMake = seen.filter(({ id }) => anyMay(actors, "sites", { teamId: id }) === "yes").map(({ id }) => id);
  const chosen = wanted ?? (mayMake.length > 1 ? MAIN_TEAM : mayMake[0]);
  if (chosen !== undefined && mayMake.includes(chosen)) return chosen;
  if (wanted === undefined && mayMake.length > 1) throw invalidField("team", "name the team that the site is for");
  if (wanted === undefined || seen.some(({ id }) => id === wanted)) {
    throw new AppError("forbidden", "this needs the scope sites; ask an admin of the team");
  }
  throw new AppError("not_found", `there is no team ${wanted}`);
}

export const sites = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List sites",
      needs: "anybody",
      query: pageSchema,
      replies: { 200: z.strictObject({ sites: z.array(siteSchema), ...nextSchema }) },
    }),
    async (c) => {
      const actors = await knownAskers(c);
      const all = await listSites(c.env.DB);
      const seen = all.filter((site) => anyMay(actors, "query", placeOf(site)) !== "unseen");
      const byName = { key: ({ name, id }: Site) => [name, id], kinds: ["string", "string"] } as const;
      const { entries, next } = await pageOfAll(c, seen, byName);
      return c.json({ sites: entries.map((site) => shownTo(actors, site)), next });
    },
  )
  .post(
    "/",
    operation({
      summary: "Make a site",
      needs: "sites",
      body: newSiteSchema,
      replies: { 201: siteSchema },
      errors: ["conflict", "not_found"],
    }),
    async (c) => {
      const actors = await knownAskers(c);
      const { team, ...fields } = await readValid(c.req.raw, newSiteSchema);
      const teamId = await teamForSite(c.env, actors, team);
      const site = await createSite(c.env.DB, { ...fields, teamId }, Date.now());
      forgetSite(site.id);
      recordChange(c, { made: site.id, teamId: site.teamId, siteId: site.id, after: site });
      return c.json(site, 201);
    },
  )
  .get("/:id", operation({ summary: "Read a site", needs: "query", replies: { 200: movedReply } }), async (c) => {
    const site = await siteOf(c, "query");
    return c.json({ ...shownTo(await knownAskers(c), site), move: await moveOf(c.env, site) });
  })
  .patch(
    "/:id",
    operation({
      summary: "Change a site's settings",
      needs: "settings",
      body: sitePatchSchema,
      replies: { 200: siteSchema },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const patch = await readValid(c.req.raw, sitePatchSchema);
      const { shards, team, retention, ...settings } = patch;
      const changed: Partial<Site> = Object.fromEntries(
        Object.entries(settings).filter(([, value]) => value !== undefined),
      );
      if (team !== undefined && team !== site.teamId) {
        // Who gives a site away must be able to make one on both sides.
        for (const id of [site.teamId, team]) changed.teamId = await teamForSite(c.env, await knownAskers(c), id);
      }
      if (retention) changed.retention = { ...site.retention, ...definedOf(retention) };
      if (shards !== undefined) Object.assign(changed, await changeShards(c.env, site, shards));
      const updated = await updateSite(c.env.DB, site.id, changed);
      forgetSite(site.id);
      recordChange(c, { before: site, after: updated });
      return c.json(updated);
    },
  )
  .get(
    "/:id/status",
    operation({ summary: "See what a site has stored", needs: "query", replies: { 200: statusReply } }),
    async (c) => {
      const site = await siteOf(c, "query");
      const stats = await shardStats(c.env, site);
      const firsts = stats.map((one) => one.firstEventAt).filter((at) => at !== null);
      const lasts = stats.map((one) => one.lastEventAt).filter((at) => at !== null);
      return c.json({
        firstEventAt: firsts.length > 0 ? Math.min(...firsts) : null,
        lastEventAt: lasts.length > 0 ? Math.max(...lasts) : null,
        events: stats.reduce((sum, one) => sum + one.events, 0),
        drops: await readDrops(c.env.DB, site.id, { from: Date.now() - DAY_MS }),
        rollups: await readRollChecks(c.env.DB, site),
        historyFrom: await historyBegins(c.env.DB, site.id),
        shards: stats,
      });
    },
  )
  /** Copies what waits in the shards to D1 now, for those who want to read it there at once. */
  .post(
    "/:id/flush",
    operation({
      summary: "Copy what waits in the shards to D1",
      needs: "settings",
      replies: { 204: null },
      audit: { why: "does now what the shards do by themselves in a moment" },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      await inEachEpoch(c.env, site, async (shard) => shard.flush());
      return c.body(null, 204);
    },
  );
