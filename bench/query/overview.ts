// The dashboard's Overview of the reference data's 30 days and of today, as a browser asks for it: all panels in one turn.

import { PANELS } from "../../dashboard/panels/index.ts";
import { BATCH_LIMIT } from "../../dashboard/state/batch.ts";
import { breakdownQuestion, type Scope, totalsQuestion, trendQuestion } from "../../dashboard/state/questions.ts";
import { DEFAULT_VIEW } from "../../dashboard/state/view.ts";
import type { QueryInput } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type BenchServer, isoDay } from "../bench-server.ts";
import { minus, type Use } from "../cost/dollars.ts";
import { startPacedLoad } from "../paced-load.ts";
import type { Shape } from "../reference/events.ts";

export interface OverviewTimes {
  /** Questions that the page asks. */
  questions: number;
  /** Right after a restart; with all in mind that fits. */
  coldMs: number;
  warmMs: number;
}

const WARM_RUNS = 5;
/** Beacons come in before the page is loaded. */
const SETTLE_MS = 1_000;
/** As the panels of the page list them. */
const ROWS = 9;
const CONVERSIONS = 12;

export function overviewQuestions(site: Site, days: { from: string; to: string; today: string }): QueryInput[] {
  const scope: Scope = {
    site,
    view: { ...DEFAULT_VIEW, period: { name: "custom", from: days.from, to: days.to } },
    calendar: { today: days.today, firstDay: days.from },
  };
  const panels = PANELS.map(({ tabs: [{ dimension }] }) =>
    breakdownQuestion(scope, { dimension, metrics: ["visitors"], limit: ROWS }),
  );
  const goals = { dimension: "event:goal", metrics: ["visitors", "events"], limit: CONVERSIONS };
  return [totalsQuestion(scope), trendQuestion(scope), ...panels, breakdownQuestion(scope, goals)];
}

/** The page loaded once: its questions in as few posts as the API allows, all at once. */
export async function loadOverview(bench: BenchServer, questions: readonly QueryInput[]): Promise<void> {
  const posts: Promise<unknown>[] = [];
  for (let i = 0; i < questions.length; i += BATCH_LIMIT) posts.push(bench.ask(questions.slice(i, i + BATCH_LIMIT)));
  for (const answers of await Promise.all(posts)) {
    const failed = (answers as { error?: unknown }[]).find(({ error }) => error !== undefined); // the API's own shape
    if (failed) throw new Error(`the Overview was refused: ${JSON.stringify(failed.error)}`);
  }
}

export async function prepareOverview(bench: BenchServer, siteId: string, shape: Shape, now: number) {
  await bench.api.createGoal(siteId, { kind: "event", match: "signup" });
  await bench.api.createGoal(siteId, { kind: "page", match: "/pricing" });
  const { body: site } = await bench.api.request<Site>("GET", `/api/v1/sites/${siteId}`);
  const today = isoDay(now);
  return overviewQuestions(site, { from: isoDay(shape.from), to: today, today });
}

export async function measureOverview(
  bench: BenchServer,
  siteId: string,
  options: { shape: Shape; now: number; load: { perSecond: number; connections: number } },
): Promise<{ overview: OverviewTimes; dashboardLoad: Use }> {
  const questions = await prepareOverview(bench, siteId, options.shape, options.now);
  // The Worker too holds what it read of the roll-ups, so only a restart leaves nothing.
  await bench.server.restart();
  const load = startPacedLoad({ port: bench.port, site: siteId, ...options.load });
  const once = async () => {
    const start = performance.now();
    await loadOverview(bench, questions);
    return performance.now() - start;
  };
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  const coldMs = await once();
  const warm: number[] = [];
  for (let i = 0; i < WARM_RUNS; i++) warm.push(await once());
  await load.stop("drop");
  const dashboardLoad = await useOfLoad(bench, siteId, questions);
  const warmMs = warm.sort((a, b) => a - b)[WARM_RUNS >> 1]!; // there are so many
  return { overview: { questions: questions.length, coldMs, warmMs }, dashboardLoad };
}

/** What the platform would bill for one load of the page, while nothing else happens. */
async function useOfLoad(bench: BenchServer, siteId: string, questions: readonly QueryInput[]): Promise<Use> {
  await bench.quiet(siteId);
  const before = await bench.counters();
  // As the page does: who is signed in, which sites there are, since when; then its panels.
  await bench.api.request("GET", "/api/v1/session");
  await bench.api.request("GET", "/api/v1/sites");
  await bench.api.status(siteId);
  await loadOverview(bench, questions);
  return minus(await bench.counters(), before);
}
