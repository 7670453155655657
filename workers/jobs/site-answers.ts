// A site's own questions, as its dashboard would ask them, for jobs.
import type { Query, QueryResult } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { answerQueries, isRefusal } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { listRates } from "../store/rates.ts";
import { rolledPorts } from "../store/rolled-ports.ts";
import { scanShard } from "../store/scan-shard.ts";

/** In order; null for a question that was refused, such as of a metric that was removed since. */
export async function siteAnswers(env: Env, site: Site, { questions, now }: { questions: Query[]; now: number }) {
  const [known, goals, rates, rolled] = await Promise.all([
    listCustomMetrics(env.DB, site.id),
    listGoals(env.DB, site.id),
    site.currency === null ? [] : listRates(env.DB, site.id, site.currency),
    rolledPorts(env, site),
  ]);
  const answers = await answerQueries(questions, {
    site,
    goals,
    customMetrics: known,
    rates,
    now,
    scan: (shard, requests) => scanShard(env, site, { shard, requests }),
    ...rolled,
  });
  const told: (QueryResult | null)[] = answers.map((answer) => (isRefusal(answer) ? null : answer));
  return { known, answers: told };
}
