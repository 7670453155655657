// How the system itself is doing: health, times, errors, cost, what is left of the error budget. For those who run it.
import { Hono } from "hono";
import * as z from "zod";
import { billedSince } from "../domain/bill.ts";
import { BUDGET_DAYS } from "../domain/error-budget.ts";
import { HOUR_MS } from "../domain/measures.ts";
import type { Env } from "../env.ts";
import { listSites } from "../store/sites.ts";
import { databaseBytes } from "../store/system/database-bytes.ts";
import { writeMeasures } from "../store/system/gather.ts";
import { listIncidents } from "../store/system/incidents.ts";
import { listRuns } from "../store/system/job-runs.ts";
import { readDetail, readTotals } from "../store/system/measure-rows.ts";
import { healthOf } from "../store/system/probes.ts";
import { requireSystem } from "./access.ts";
import { operation } from "./operation.ts";
import { readQuery } from "./read-query.ts";
import { shardStats } from "./site-stats.ts";
import { backlogOf, budgetOf, costOf, seriesOf, timingsOf, trafficOf } from "./system-figures.ts";
import { storageSchema, systemSchema } from "./system-schemas.ts";

const askedSchema = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(24) });

/** Each is a call of an object, of which the free plan allows 50 at a time. */
const MOST_SHARDS = 40;
const QUARTER_MS = 15 * 60_000;

export const system = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "See how the system itself is doing",
      needs: "system",
      about: "Times in milliseconds. What is not written yet by other isolates is told within some minutes.",
      query: askedSchema,
      replies: { 200: systemSchema },
    }),
    async (c) => {
      await requireSystem(c);
      const { hours } = readQuery(c, askedSchema);
      const { DB } = c.env;
      const now = Date.now();
      const plan = c.env.EDGEWISE_PLAN === "free" ? "free" : "paid";
      await writeMeasures(DB, now);
      const first = Math.min(now - BUDGET_DAYS * 24 * HOUR_MS, billedSince(plan, now));
      const shownFrom = now - hours * HOUR_MS;
      const [health, jobs, totals, detail, latest, incidents, d1Bytes] = await Promise.all([
        healthOf(c.env, now),
        listRuns(DB),
        readTotals(DB, first),
        readDetail(DB, shownFrom - (shownFrom % HOUR_MS)),
        readDetail(DB, now - QUARTER_MS),
        listIncidents(DB),
        databaseBytes(DB),
      ]);
      return c.json({
        hours,
        health,
        jobs,
        ...trafficOf(totals, hours, now),
        backlog: backlogOf(latest),
        series: seriesOf(totals, hours, now),
        timings: timingsOf(detail),
        slow: detail.slow,
        cost: costOf(totals, { plan, now, d1Bytes }),
        budget: budgetOf(totals, now),
        incidents,
      });
    },
  )
  .get(
    "/storage",
    operation({
      summary: "See what is stored, by site",
      needs: "system",
      about: `Wakes the shards of the sites, ${MOST_SHARDS} at most.`,
      replies: { 200: storageSchema },
    }),
    async (c) => {
      await requireSystem(c);
      const sites = await listSites(c.env.DB);
      let shards = 0;
      const asked = sites.filter((site) => {
        shards += site.shards + (site.nextShards ?? 0);
        return shards <= MOST_SHARDS;
      });
      const stored = await Promise.all(
        asked.map(async (site) => {
          const stats = await shardStats(c.env, site);
          const sum = (of: (one: (typeof stats)[number]) => number) => stats.reduce((all, one) => all + of(one), 0);
          return {
            siteId: site.id,
            shards: stats.length,
            events: sum(({ events }) => events),
            bytes: sum(({ bytes }) => bytes),
            waiting: sum(({ unflushed }) => unflushed),
          };
        }),
      );
      stored.sort((a, b) => b.bytes - a.bytes);
      return c.json({ d1Bytes: await databaseBytes(c.env.DB), sites: stored, left: sites.length - asked.length });
    },
  );
