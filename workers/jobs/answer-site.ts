// Answers questions about a site for a job, which nobody waits for: from roll-ups where they can, else from its shards.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Query, QueryResult } from "../domain/query.ts";
import type { Segment } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import type { Refusal } from "../query/normalize.ts";
import { answerQueries } from "../query/run.ts";
import { listGoals } from "../store/goals.ts";
import { listRates } from "../store/rates.ts";
import { rolledPorts } from "../store/rolled-ports.ts";
import { scanShard } from "../store/scan-shard.ts";

interface Asked {
  questions: Query[];
  customMetrics: readonly CustomMetric[];
  /** The site's, where a question names one. */
  segments?: readonly Segment[];
  now: number;
}

export async function answerSite(
  env: Env,
  site: Site,
  { questions, customMetrics, segments = [], now }: Asked,
): Promise<(QueryResult | Refusal)[]> {
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
    rates,
    now,
    scan: (shard, requests) => scanShard(env, site, { shard, requests }),
    ...rolled,
  });
}
