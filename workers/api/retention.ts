// How long a site keeps what: the dry run, what the runs did, the yearly report, and the legal hold.

import { Hono } from "hono";
import * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import { holdOf, type LegalHold, legalHoldSchema, newLegalHoldSchema, totalsOf } from "../domain/retention.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { fileResponse } from "../exports/file-response.ts";
import { formats } from "../exports/formats/index.ts";
import { dueSteps } from "../store/archive/apply-retention.ts";
import { listArchiveDays } from "../store/archive/archive-days.ts";
import { type RetentionRun, runsBetween } from "../store/archive/retention-runs.ts";
import { forgetSite, updateSite } from "../store/sites.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf } from "./author.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { dryRunReply, type RetentionReport, reportReply, runReply } from "./retention-replies.ts";
import { siteOf } from "./site-of.ts";
import { shardStats } from "./site-stats.ts";

const yearSchema = z.strictObject({
  year: z.coerce.number().int().min(2020).max(2200),
  format: z.enum(["json", "csv"], "use json or csv").default("json"),
});

async function setHold(c: AppContext, site: Site, legalHold: LegalHold | null): Promise<void> {
  await updateSite(c.env.DB, site.id, { retention: { ...site.retention, legalHold } });
  forgetSite(site.id);
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);

async function reportOf(env: Env, site: Site, year: number): Promise<RetentionReport> {
  const span = { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
  const runs = await runsBetween(env.DB, site.id, span);
  const days = await listArchiveDays(env.DB, site.id);
  const away = days.filter(({ state }) => state === "dropped");
  return {
    year,
    runs: runs.length,
    heldRuns: runs.filter(({ state }) => state === "held").length,
    done: totalsOf(runs.flatMap(({ steps }) => steps)),
    kept: totalsOf(runs.at(-1)?.kept ?? []),
    problems: runs.flatMap(({ at, problems }) => problems.map((problem) => ({ at, problem }))),
    now: {
      events:
        sum(await shardStats(env, site), ({ events }) => events) - sum(away, ({ live, imports }) => live + imports),
      archived: sum(days, ({ live, imports }) => live + imports),
      archivedBytes: sum(days, ({ bytes }) => bytes),
    },
  };
}

function reportFile(site: Site, { year, done, kept, now }: RetentionReport): Response {
  const rows = [
    ...done.map((total) => ({ ...total, outcome: total.action === "remove" ? "removed" : "archived" })),
    ...kept.map((total) => ({ ...total, outcome: "kept although due" })),
    { type: "events", outcome: "kept now", days: null, count: now.events, bytes: null },
    { type: "archive", outcome: "kept now", days: null, count: now.archived, bytes: now.archivedBytes },
  ];
  return fileResponse(formats.csv, {
    name: `${site.id} retention ${year}`,
    facts: [
      ["Site", site.id],
      ["Year", String(year)],
    ],
    columns: [
      { name: "type", type: "text" },
      { name: "outcome", type: "text" },
      ...(["days", "count", "bytes"] as const).map((name) => ({ name, type: "number" as const })),
    ],
    rows: [rows.map(({ type, outcome, days, count, bytes }) => [type, outcome, days, count, bytes])],
  });
}

const runOf = ({ siteId: _, ...run }: RetentionRun) => run;

export const retention = new Hono<{ Bindings: Env }>()
  .post(
    "/:id/retention/dry-run",
    operation({
      summary: "See what retention would do now",
      needs: "settings",
      about: "By type and UTC day; nothing is changed. A run does the same, 20 days of archiving at a time.",
      replies: { 200: dryRunReply },
      errors: ["conflict"],
      audit: { why: "looks at what is due and changes nothing" },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const at = Date.now();
      const steps = await dueSteps(c.env, site, at);
      return c.json({ at, held: holdOf(site.retention, at)?.reason ?? null, totals: totalsOf(steps), steps });
    },
  )
  .get(
    "/:id/retention/runs",
    operation({
      summary: "List what retention did",
      needs: "settings",
      about: "Of the last 400 days, newest first.",
      query: pageSchema,
      replies: { 200: z.strictObject({ runs: z.array(runReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const now = Date.now();
      const runs = await runsBetween(c.env.DB, site.id, { from: now - 400 * 24 * 3600_000, to: now + 1 });
      const newest = { key: ({ id }: RetentionRun) => [-id], kinds: ["number"] } as const;
      const { entries, next } = await pageOfAll(c, runs, newest);
      return c.json({ runs: entries.map(runOf), next });
    },
  )
  .get(
    "/:id/retention/report",
    operation({
      summary: "Read the year's report of what was kept and removed",
      needs: "settings",
      query: yearSchema,
      replies: { 200: { files: [formats.csv.type], json: reportReply } },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const asked = yearSchema.safeParse(c.req.query());
      if (!asked.success) throw invalidFields(fieldErrors(asked.error.issues));
      const report = await reportOf(c.env, site, asked.data.year);
      return asked.data.format === "csv" ? reportFile(site, report) : c.json(report);
    },
  )
  .put(
    "/:id/legal-hold",
    operation({
      summary: "Hold everything of a site",
      needs: "settings",
      about: "Until it is lifted, or that moment, nothing is removed by retention, and requests for erasure wait.",
      body: newLegalHoldSchema,
      replies: { 200: legalHoldSchema },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { reason, until } = await readValid(c.req.raw, newLegalHoldSchema);
      const at = Date.now();
      if (until !== null && until <= at) throw invalidField("until", "name a moment to come, or leave it out");
      const hold: LegalHold = { reason, until, by: authorOf(c).id, at };
      await setHold(c, site, hold);
      recordChange(c, { before: site.retention.legalHold, after: hold });
      return c.json(hold);
    },
  )
  .delete(
    "/:id/legal-hold",
    operation({ summary: "Lift a site's legal hold", needs: "settings", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "settings");
      await setHold(c, site, null);
      recordChange(c, { before: { legalHold: site.retention.legalHold }, after: { legalHold: null } });
      return c.body(null, 204);
    },
  );
