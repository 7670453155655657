// Reports: the team's, and those that are their maker's alone. A change says which version it was made from.
import { Hono } from "hono";
import { AppError, type FieldError } from "../domain/errors.ts";
import { type NewReport, newReportSchema, type Report, reportShape } from "../domain/report.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { siteReadBy } from "../reporting/report-maker.ts";
import { reportErrors } from "../reports/report-errors.ts";
import { visibleTo } from "../store/boards.ts";
import { listKpis } from "../store/kpis.ts";
import { changeResource, findResource, type Kept, listResources, removeResource } from "../store/resources.ts";
import { forgetReportShares } from "../store/shares.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf, authorsAsking } from "./author.ts";
import { boardSeen } from "./boards.ts";
import { keepResource, openPart } from "./keep-resource.ts";
import { operation } from "./operation.ts";
import { BY_AGE, pageOf, pageSchema } from "./paging.ts";
import { planFacts } from "./plan-facts.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { reportReply, reportsReply } from "./report-replies.ts";
import { siteOf } from "./site-of.ts";
import { notChanged, versionAsked, versionNeeded } from "./versions.ts";

const unknown = () => new AppError("not_found", "the site has no such report, or it is private to another");
const shelfOf = ({ id }: Site) => ({ siteId: id, kind: "report" }) as const;

/** Null for one that whoever asks does not see; those who read by a share link see none. */
export async function reportSeen(c: AppContext, site: Site, id: string): Promise<Kept<"report"> | null> {
  const authors = authorsAsking(c);
  const report = await findResource(c.env.DB, shelfOf(site), id);
  if (!report || authors.length === 0) return null;
  return report.visibility === "team" || authors.some((author) => author.id === report.createdBy.id) ? report : null;
}

export async function reportAt(c: AppContext, site: Site): Promise<Kept<"report">> {
  const report = await reportSeen(c, site, c.req.param("reportId") ?? "");
  if (!report) throw unknown();
  return report;
}

const named = ({ sections }: NewReport, kind: "board" | "benchmarks"): string[] =>
  sections.flatMap((section) => {
    if (section.kind === "board" && kind === "board") return [section.boardId];
    return section.kind === "benchmarks" && kind === "benchmarks" ? section.sites : [];
  });

/** What whoever asks may not see, unless it was in the report before: it is shown as its maker sees it. */
async function unseenErrors(
  c: AppContext,
  site: Site,
  { report, before }: { report: NewReport; before: NewReport | null },
): Promise<FieldError[]> {
  const author = authorOf(c).id;
  const were = before ? { boards: named(before, "board"), sites: named(before, "benchmarks") } : null;
  const checks = report.sections.map(async (section, place): Promise<FieldError[]> => {
    if (section.kind === "board") {
      if (were?.boards.includes(section.boardId) || (await boardSeen(c, site, section.boardId))) return [];
      return [
        { path: `sections.${place}.boardId`, message: "the site has no such board, or it is private to another" },
      ];
    }
    if (section.kind !== "benchmarks") return [];
    const unseen = section.sites.map(async (id, at): Promise<FieldError[]> => {
      if (were?.sites.includes(id) || (await siteReadBy(c.env, author, id))) return [];
      return [{ path: `sections.${place}.sites.${at}`, message: `there is no site ${id} that you may read` }];
    });
    return (await Promise.all(unseen)).flat();
  });
  return (await Promise.all(checks)).flat();
}

/** Throws what is wrong with it. */
export async function checkedReport(
  c: AppContext,
  site: Site,
  { report, before = null }: { report: NewReport; before?: NewReport | null },
): Promise<NewReport> {
  const [facts, kpis] = await Promise.all([planFacts(c.env.DB, site), listKpis(c.env.DB, site.id)]);
  const errors = [
    ...reportErrors(report, { ...facts, kpis }, Date.now()),
    ...(await unseenErrors(c, site, { report, before })),
  ];
  if (errors.length > 0) throw invalidFields(errors);
  return report;
}

const LIMIT = 512 * 1024;
export const readReport = (c: AppContext): Promise<NewReport> => readValid(c.req.raw, newReportSchema, LIMIT);

async function changedMeanwhile(c: AppContext, site: Site, id: string): Promise<AppError> {
  return notChanged(await reportSeen(c, site, id), unknown);
}

function seenVersion(report: Kept<"report">, asked: number | null): number {
  if (asked === null || asked === report.version) return report.version;
  throw notChanged(report, unknown);
}

async function change(c: AppContext, site: Site): Promise<Report> {
  const report = await reportAt(c, site);
  const version = seenVersion(report, versionNeeded(c));
  const body = await checkedReport(c, site, { report: await readReport(c), before: report });
  const isMaker = authorsAsking(c).some(({ id }) => id === report.createdBy.id);
  if (body.visibility !== report.visibility && !isMaker) {
    throw invalidField("visibility", `only its maker can make it ${body.visibility}; keep ${report.visibility}`);
  }
  const changed = await changeResource(c.env.DB, shelfOf(site), { id: report.id, body, version, now: Date.now() });
  if (!changed) throw await changedMeanwhile(c, site, report.id);
  recordChange(c, { before: openPart(report), after: openPart(changed) });
  return changed;
}

function summaryOf({ name, about, period, visibility, sections, ...report }: Kept<"report">) {
  const { id, siteId, version, createdBy, createdAt, updatedAt } = report;
  const own = { id, siteId, version, createdBy, createdAt, updatedAt };
  return { name, about, period, visibility, sections: sections.length, ...own };
}

export const reports = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/reports",
    operation({
      summary: "List a site's reports",
      needs: "query",
      about: "Those of the team and one's own private ones, oldest first; none to a share link.",
      query: pageSchema,
      replies: { 200: reportsReply },
    }),
    async (c) => {
      const site = await siteOf(c, "query");
      const where = visibleTo({ authors: authorsAsking(c).map(({ id }) => id), shared: [] });
      const list = (asked: Parameters<typeof listResources>[2]) =>
        listResources(c.env.DB, shelfOf(site), { ...asked, where });
      const { entries, next } = await pageOf(c, BY_AGE, list);
      return c.json({ reports: entries.map(summaryOf), next });
    },
  )
  .post(
    "/:id/reports",
    operation({
      summary: "Make a report",
      needs: "define",
      about: "An ordered list of sections over a period. A copy is made by posting the body of another.",
      body: reportShape,
      replies: { 201: reportReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const report = await checkedReport(c, site, { report: await readReport(c) });
      return c.json(await keepResource(c, shelfOf(site), report), 201);
    },
  )
  .get(
    "/:id/reports/:reportId",
    operation({ summary: "Read a report", needs: "query", replies: { 200: reportReply } }),
    async (c) => c.json(await reportAt(c, await siteOf(c, "query"))),
  )
  .put(
    "/:id/reports/:reportId",
    operation({
      summary: "Change a report",
      needs: "define",
      about: "If-Match must say which version was changed; who comes second is told the report as it stands.",
      body: reportShape,
      replies: { 200: reportReply },
      errors: ["no_version", "stale"],
    }),
    async (c) => c.json(await change(c, await siteOf(c, "define"))),
  )
  .delete(
    "/:id/reports/:reportId",
    operation({ summary: "Remove a report", needs: "define", replies: { 204: null }, errors: ["stale"] }),
    async (c) => {
      const site = await siteOf(c, "define");
      const report = await reportAt(c, site);
      const { id } = report;
      const version = seenVersion(report, versionAsked(c));
      if (!(await removeResource(c.env.DB, shelfOf(site), { id, version }))) throw await changedMeanwhile(c, site, id);
      await forgetReportShares(c.env.DB, site.id, id);
      recordChange(c, { before: openPart(report) });
      return c.body(null, 204);
    },
  );
