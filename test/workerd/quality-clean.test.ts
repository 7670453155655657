// Checks are believed as long as they do not cry wolf: thirty clean days, and real series where nothing was wrong.
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { ImportedEvent } from "../../workers/domain/beacon.ts";
import { ENGAGEMENT, type Event } from "../../workers/domain/event.ts";
import { simulate } from "../../workers/local/simulator/simulate.ts";
import { anEvent } from "../support/events.ts";
import { check, dayStart, findingsOf, hex, liveDay, rememberHours } from "./watched-site.ts";
import { createSite, DAY_MS, HOUR_MS, setClock } from "./worker.ts";

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
    await liveDay(site, day, days.get(day) ?? []);
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
