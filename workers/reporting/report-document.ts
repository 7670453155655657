// A report with its answers, for doors and jobs alike.
import { newBoardSchema } from "../domain/board.ts";
import type { DateRange, Period } from "../domain/period.ts";
import { localDate } from "../domain/period.ts";
import type { Question } from "../domain/question.ts";
import type { NewReport } from "../domain/report.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import type { Refusal } from "../query/normalize.ts";
import { makeReport } from "../reports/make-report.ts";
import { newestFigures } from "../reports/read-benchmarks.ts";
import type { AskMany, QualityTold, ReportOwn, ReportPorts } from "../reports/section.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { listKpis } from "../store/kpis.ts";
import { findingsWithin, readDays } from "../store/quality.ts";
import { findResource, listFunnels, listResources, MOST_RESOURCES } from "../store/resources.ts";
import { listSegments } from "../store/segments.ts";
import { answerSite } from "./answer-site.ts";
import { siteReadBy } from "./report-maker.ts";

export interface DocumentAsked {
  /** Null for the report's own. */
  period: DateRange | null;
  /** Milliseconds. */
  now: number;
  /** Where the dashboard is. */
  origin: string;
  /** Whose report it is, as authors are named: it shows what they see. */
  maker: string;
  /** Other than by the site's roll-ups and shards. */
  ask?: AskMany;
}

async function ownOf(env: Env, site: Site): Promise<ReportOwn> {
  const [goals, kpis, customMetrics, funnels] = await Promise.all([
    listGoals(env.DB, site.id),
    listKpis(env.DB, site.id),
    listCustomMetrics(env.DB, site.id),
    listFunnels(env.DB, site.id),
  ]);
  return { goals, kpis, customMetrics, funnels };
}

async function askSite(env: Env, site: Site, asked: { questions: Question[]; now: number }) {
  const [{ customMetrics, funnels }, segments] = await Promise.all([ownOf(env, site), listSegments(env.DB, site.id)]);
  return answerSite(env, site, { ...asked, customMetrics, segments, funnels });
}

async function boardSeen(env: Env, site: Site, { id, maker }: { id: string; maker: string }) {
  const board = await findResource(env.DB, { siteId: site.id, kind: "board" }, id);
  if (!board || (board.visibility === "private" && board.createdBy.id !== maker)) return null;
  return newBoardSchema.strip().parse(board);
}

/** Days that were judged within the period, the last first, and what was found in it. */
async function qualityOf(env: Env, site: Site, { from, to }: Period): Promise<QualityTold> {
  const [first, last] = [localDate(from, site.timeZone).toString(), localDate(to - 1, site.timeZone).toString()];
  const [days, findings] = await Promise.all([
    readDays(env.DB, site.id, { since: first, event: "" }),
    findingsWithin(env.DB, site.id, { from, to }),
  ]);
  const scores = days.filter(({ day }) => day <= last).map(({ day, score }) => ({ day, total: score.total }));
  return { scores, findings };
}

export function reportDocument(
  env: Env,
  site: Site,
  report: NewReport,
  asked: DocumentAsked,
): Promise<ReportDocument | Refusal> {
  const { now, maker, period, origin } = asked;
  let own: Promise<ReportOwn> | undefined;
  const ownOnce = () => {
    own ??= ownOf(env, site);
    return own;
  };
  const ports: ReportPorts = {
    ask: asked.ask ?? ((questions) => askSite(env, site, { questions, now })),
    own: ownOnce,
    board: (id) => boardSeen(env, site, { id, maker }),
    quality: (within) => qualityOf(env, site, within),
    otherSite: (id) => siteReadBy(env, maker, id),
    askOther: (other, questions) => askSite(env, other, { questions, now }),
    imported: async () => {
      const sets = await listResources(
        env.DB,
        { siteId: site.id, kind: "benchmark_set" },
        { after: null, limit: MOST_RESOURCES },
      );
      const figures = sets.flatMap((set) => set.figures);
      return newestFigures(figures, localDate(now, site.timeZone).toString());
    },
    failed: (section, error) => console.error("a section of a report failed:", site.id, section, error),
  };
  return makeReport({ site, report, period, now, origin }, ports);
}
