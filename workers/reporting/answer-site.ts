// Answers questions about a site where no request waits for it: from roll-ups where they can, else from its shards.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Funnel } from "../domain/funnel.ts";
import type { Query } from "../domain/query.ts";
import type { Question } from "../domain/question.ts";
import type { Segment } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { answerQueries, type QueryAnswer } from "../query/run.ts";
import { listGoals } from "../store/goals.ts";
import { listRates } from "../store/rates.ts";
import { rolledPorts } from "../store/rolled-ports.ts";
import { scanShard } from "../store/scan-shard.ts";

interface Asked<Q extends Question> {
  questions: Q[];
  customMetrics: readonly CustomMetric[];
  /** The site's, where a question names one. */
  segments?: readonly Segment[];
  funnels?: readonly Funnel[];
  now: number;
}

export async function answerSite<Q extends Question = Query>(
  env: Env,
  site: Site,
  { questions, customMetrics, segments = [], funnels = [], now }: Asked<Q>,
): Promise<QueryAnswer<Q>[]> {
  const [goals, rates, rolled] = await Promise.all([
    listGoals(env.DB, site.id),
    site.currency === null ? [] : listRates(env.DB, site.id, site.currency),
    rolledPorts(env, site),
  ]);
  return answerQueries(questions, {
    site,
    goals,
    customMetrics,
    segments,
    funnels,
    rates,
    now,
    scan: (shard, requests) => scanShard(env, site, { shard, requests }),
    ...rolled,
  });
}
