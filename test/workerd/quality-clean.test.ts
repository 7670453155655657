// Checks are believed as long as they do not cry wolf: thirty clean days, and real series where nothing was wrong.
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { ImportedEvent } from "../../workers/domain/beacon.ts";
import { ENGAGEMENT, type Event } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { simulate } from "../../workers/local/simulator/simulate.ts";
import type { DailySeries } from "../support/daily-series.ts";
import { anEvent } from "../support/events.ts";
import { append, check, dayStart, findingsOf, hex, liveDay, rememberHours } from "./watched-site.ts";
import { createSite, DAY_MS, HOUR_MS, runAlarms, setClock } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const DAYS_BEFORE = 35;
const DAYS = 30;

const numbers = new Map<string, number>();
/** Sixteen digits that stay a visitor's for the day. */
function visitorId(visitor: string, at: number): string {
  const name = `${visitor} ${Math.floor(at / DAY_MS)}`;
  const number = numbers.get(name) ?? numbers.size;
  numbers.set(name, number);
  return `${hex(number)}${hex(number + 1)}`;
}

function asEvent({
  name,
  at,
  url,
  title = "",
  visitor = "",
  props,
  referrer = "",
  engagement = 0,
}: ImportedEvent): Event {
  const { pathname, hostname } = new URL(url);
  return anEvent({
    name,
    at,
    title,
    referrer,
    hostname,
    path: pathname,
    visitorId: visitorId(visitor, at),
    engagementMs: engagement,
    props: props ?? null,
  });
}

/** The last of the days are looked at each hour, as cron does. */
const BY_THE_HOUR = 2;

async function liveHours(site: Site, day: number, events: readonly Event[]): Promise<void> {
  const hours = Map.groupBy(events, ({ at }) => Math.floor((at - dayStart(day)) / HOUR_MS));
  for (let hour = 0; hour < 24; hour++) {
    setClock(dayStart(day) + (hour + 1) * HOUR_MS);
    await append(site, hours.get(hour) ?? []);
    await runAlarms(site);
    setClock(Date.now() + 7 * 60_000);
    await check();
  }
  await liveDay(site, day, []);
}

it("thirty clean days of a simulated site raise at most one finding", { timeout: 400_000 }, async () => {
  setClock(dayStart(0));
  const site = await createSite();
  const from = dayStart(-DAYS_BEFORE);
  const events = [...simulate({ seed: "clean", from, to: dayStart(DAYS), dailyVisits: 250 })].map(asEvent);
  const counts = new Map<number, number>();
  for (const { name, at } of events) {
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    if (name !== ENGAGEMENT) counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  await rememberHours(site, { from, to: dayStart(0) }, (at) => counts.get(at) ?? 0);
  const days = Map.groupBy(events, ({ at }) => Math.floor((at - dayStart(0)) / DAY_MS));
  for (let day = 0; day < DAYS; day++) {
    if (day >= DAYS - BY_THE_HOUR) await liveHours(site, day, days.get(day) ?? []);
    else await liveDay(site, day, days.get(day) ?? []);
    await check();
  }
  const found = await findingsOf(site);
  expect(found.map(({ reason }) => reason).slice(1)).toEqual([]);
  const { results } = await env.DB.prepare(
    "select count(*) as days, min(total) as worst from quality_days where site_id = ?1 and event = ''",
  )
    .bind(site.id)
    .all<{ days: number; worst: number }>();
  expect(results).toMatchObject([{ days: DAYS }]);
  expect(results[0]!.worst).toBeGreaterThan(95);
});

/** Local days on which everybody stays away, and the days beside them. */
const HOLIDAYS = [
  ["2023-11-22", "2023-11-24"],
  ["2023-12-22", "2024-01-02"],
] as const;

/** Of the long series, the spring between two seasons: no match, no missing day. */
const CALM = { from: "2009-04-01", to: "2009-07-01" } as const;

const allSeries = JSON.parse(env.DAILY_SERIES) as DailySeries[];
const fixturesDir = allSeries.length > 0;

/** Most of a day's events come by day. */
const shareOfHour = (hour: number): number => (1 + 0.5 * Math.sin((hour / 12) * Math.PI)) / 24;

/** The series with its days moved by whole weeks to where nothing else is. */
function watched({ name, from, values }: DailySeries) {
  const first = name === "wp_log_peyton_manning" ? Date.parse(CALM.from) : from;
  const last = name === "wp_log_peyton_manning" ? Date.parse(CALM.to) : from + values.length * DAY_MS;
  const weeks = Math.ceil((dayStart(0) - first) / (7 * DAY_MS));
  const moved = weeks * 7 * DAY_MS;
  const isHoliday = (at: number) =>
    HOLIDAYS.some(([begin, end]) => at - moved >= Date.parse(begin) && at - moved <= Date.parse(end));
  const valueAt = (at: number) => values[Math.floor((at - moved - from) / DAY_MS)] ?? 0;
  return { name, first: first + moved, last: last + moved, isHoliday, valueAt };
}

it.skipIf(!fixturesDir)(
  "the clean stretches of fifteen real series raise at most one finding",
  { timeout: 400_000 },
  async () => {
    const all: { site: Site; own: ReturnType<typeof watched> }[] = [];
    for (const own of allSeries.map(watched)) {
      setClock(own.first);
      const site = await createSite();
      await rememberHours(site, { from: own.first, to: own.last }, (at) =>
        Math.round(own.valueAt(at) * shareOfHour((at % DAY_MS) / HOUR_MS)),
      );
      all.push({ site, own });
    }
    const begin = Math.min(...all.map(({ own }) => own.first)) + DAYS_BEFORE * DAY_MS;
    const end = Math.max(...all.map(({ own }) => own.last));
    for (let at = begin; at <= end; at += DAY_MS) {
      setClock(at + HOUR_MS + 7 * 60_000);
      await check();
    }
    const found = await Promise.all(
      all.map(async ({ site, own }) =>
        (await findingsOf(site))
          .filter(({ from }) => from < own.last && !own.isHoliday(from))
          .map(({ fault, reason }) => `${own.name}: ${fault}: ${reason}`),
      ),
    );
    expect(found.flat().slice(1)).toEqual([]);
    // They do look: nobody comes at Christmas.
    const holidays = await Promise.all(all.map(async ({ site }) => (await findingsOf(site)).map(({ fault }) => fault)));
    expect(holidays.flat().filter((fault) => fault === "volume_drop").length).toBeGreaterThan(5);
  },
);
