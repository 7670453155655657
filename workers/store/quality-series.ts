// How good a site's data was, hour by hour.
import { localDate } from "../domain/buckets.ts";
import type { Site } from "../domain/site.ts";
import { WATCHED_METRICS, type WatchedName } from "../domain/watched-metrics.ts";
import type { WatchedSeries } from "./alert-ports.ts";
import { readDays, readFindings } from "./quality.ts";

const HOUR_MS = 3600_000;
const DAYS = 92;
const MOST_FINDINGS = 2000;

/** The score of the last day that was over then. Null before the first. */
async function scores(db: D1Database, { id, timeZone }: Pick<Site, "id" | "timeZone">, hours: readonly number[]) {
  const since = localDate(hours[0] ?? 0, timeZone)
    .subtract({ days: 7 })
    .toString();
  const days = (await readDays(db, id, { since, event: "" })).toReversed();
  let next = 0;
  let score: number | null = null;
  let [date, until] = ["", 0];
  return hours.map((hour) => {
    if (hour >= until) {
      const day = localDate(hour, timeZone);
      date = day.toString();
      until = day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
    }
    for (let day = days[next]; day && day.day < date; day = days[++next]) score = day.score.total ?? score;
    return score;
  });
}

async function openFindings(db: D1Database, siteId: Site["id"], hours: readonly number[]) {
  const all = await readFindings(db, siteId, { since: hours[0] ?? 0, limit: MOST_FINDINGS });
  return hours.map((hour) => {
    const end = hour + HOUR_MS;
    return all.filter(({ firstSeen, resolvedAt }) => firstSeen < end && (resolvedAt === null || resolvedAt >= end))
      .length;
  });
}

export async function qualitySeries(
  db: D1Database,
  site: Pick<Site, "id" | "timeZone">,
  { names, now }: { names: readonly WatchedName[]; now: number },
): Promise<[string, WatchedSeries][]> {
  const end = Math.floor(now / HOUR_MS);
  const hours = Array.from({ length: DAYS * 24 }, (_, index) => (end - DAYS * 24 + index) * HOUR_MS);
  const read = (name: WatchedName) =>
    name === "quality:score" ? scores(db, site, hours) : openFindings(db, site.id, hours);
  return Promise.all(
    names.map(async (name): Promise<[string, WatchedSeries]> => {
      const { together } = WATCHED_METRICS[name];
      return [`hour ${name}`, { start: hours[0] ?? 0, step: HOUR_MS, values: await read(name), together }];
    }),
  );
}
