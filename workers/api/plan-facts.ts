import type { Site } from "../domain/site.ts";
import type { PlanFacts } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { listFunnels } from "../store/resources.ts";
import { listSegments } from "../store/segments.ts";

/** What the site has of its own, to check questions by that are kept. */
export async function planFacts(db: D1Database, site: Site): Promise<PlanFacts> {
  const [goals, customMetrics, segments, funnels] = await Promise.all([
    listGoals(db, site.id),
    listCustomMetrics(db, site.id),
    listSegments(db, site.id),
    listFunnels(db, site.id),
  ]);
  return { site, goals, customMetrics, segments, funnels };
}
