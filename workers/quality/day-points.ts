// What Analytics Engine has of a day's events, where it is bound.
import { totals } from "../analyses/totals.ts";
import type { Site } from "../domain/site.ts";
import { pointsQuery } from "../query/points/build.ts";
import { isRefused } from "../query/points/literal.ts";
import { pointsAnswer } from "../query/points/table.ts";
import type { Day } from "./day-facts.ts";
import type { PointsCount } from "./streams/points-differ.ts";

export type AskPoints = (sql: string) => Promise<readonly Record<string, string | number>[]>;

/** Null where it cannot be asked, or does not answer: that is no fault of the data. */
export async function readPoints(
  ask: AskPoints | null,
  { site, day, now }: { site: Site; day: Day; now: number },
): Promise<PointsCount | null> {
  if (!ask) return null;
  const { from, to } = day;
  const request = {
    analysis: totals.name,
    params: { measures: ["events"] },
    from,
    to,
    timeZone: site.timeZone,
    filters: [],
  };
  const query = pointsQuery(request, { siteId: site.id, now });
  if (isRefused(query)) return null;
  const rows = await ask(query.sql).catch((error: unknown) => {
    console.error("Analytics Engine was not compared", error);
    return null;
  });
  if (!rows) return null;
  const { table, sampling } = pointsAnswer(query, rows);
  return { events: table.rows[0]?.counts[0] ?? 0, points: sampling.points };
}
