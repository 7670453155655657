import { describe, expect, it } from "vitest";
import { type ImportedEvent, importedEventSchema } from "../../../workers/domain/beacon.ts";
import { seededRandom } from "../../../workers/local/simulator/random.ts";
import { simulate } from "../../../workers/local/simulator/simulate.ts";

const DAY_MS = 86_400_000;
const from = Date.UTC(2026, 8, 1);
const options = { seed: "test", from, to: from + 28 * DAY_MS, dailyVisits: 1000, timeZone: "UTC" };

let month: ImportedEvent[] | null = null;
function aMonth(): ImportedEvent[] {
  month ??= [...simulate(options)];
  return month;
}

const pageviews = () => aMonth().filter((event) => event.name === "pageview");
const landings = (part: string) => pageviews().filter((event) => event.url.includes(part));

function countBy<Key>(events: readonly ImportedEvent[], key: (event: ImportedEvent) => Key): Map<Key, number> {
  return new Map([...Map.groupBy(events, key)].map(([name, of]) => [name, of.length]));
}

describe("the simulator", () => {
  it("gives the same events for the same seed, and others for another", () => {
    const short = { ...options, to: from + DAY_MS / 4 };
    expect([...simulate(short)]).toEqual([...simulate(short)]);
    expect([...simulate(short)]).not.toEqual([...simulate({ ...short, seed: "other" })]);
  });

  it("only adds to the end when it runs longer, so that a stopped import can go on", () => {
    const short = [...simulate({ ...options, to: from + 10.3 * 3_600_000 })];
    expect(aMonth().slice(0, short.length)).toEqual(short);
  });

  it("gives events in time order, numbered from 0, within its period", () => {
    const events = aMonth();
    expect(events.every((event, i) => event.line === i)).toBe(true);
    expect(events.every((event, i) => event.at >= (events[i - 1]?.at ?? from))).toBe(true);
    expect(events.at(-1)?.at).toBeLessThan(options.to);
  });

  it("gives events that the import door takes", () => {
    for (const event of aMonth().slice(0, 2000)) expect(importedEventSchema.safeParse(event).error).toBeUndefined();
  });

  it("has about a thousand visits a day, quiet nights and slow weekends", () => {
    const visits = countBy(aMonth(), (event) => event.visitor).size / 28;
    expect(visits).toBeGreaterThan(800);
    expect(visits).toBeLessThan(1400);
    const byHour = countBy(pageviews(), (event) => new Date(event.at).getUTCHours());
    expect(byHour.get(10) ?? 0).toBeGreaterThan(4 * (byHour.get(3) ?? 0));
    const byWeekday = countBy(pageviews(), (event) => new Date(event.at).getUTCDay());
    expect(byWeekday.get(2) ?? 0).toBeGreaterThan(1.3 * (byWeekday.get(0) ?? 0));
  });

  it("has its night where the visitors live", () => {
    const tokyo = [...simulate({ ...options, to: from + 7 * DAY_MS, timeZone: "Asia/Tokyo" })];
    const byHour = countBy(tokyo, (event) => new Date(event.at).getUTCHours());
    expect(byHour.get(1) ?? 0).toBeGreaterThan(4 * (byHour.get(18) ?? 0));
  });

  it("has a campaign of some days and a day on a front page", () => {
    const campaignDays = countBy(landings("utm_campaign=launch"), (event) => Math.floor(event.at / DAY_MS));
    expect(campaignDays.size).toBeGreaterThanOrEqual(1);
    expect(campaignDays.size).toBeLessThanOrEqual(5);
    const front = pageviews().filter((event) => event.referrer?.includes("ycombinator"));
    expect(front.length).toBeGreaterThan(100);
    expect((front.at(-1)?.at ?? 0) - (front[0]?.at ?? 0)).toBeLessThan(3 * DAY_MS);
  });

  it("has visitors who come back with the same device from the same place", () => {
    const regulars = Map.groupBy(aMonth(), (event) => event.visitor);
    const days = (events: ImportedEvent[]) => new Set(events.map((event) => Math.floor(event.at / DAY_MS))).size;
    const returning = [...regulars.values()].filter((events) => days(events) > 1);
    expect(returning.length).toBeGreaterThan(500);
    const people = returning.filter((events) => events[0]?.country !== undefined);
    for (const events of people) {
      expect(new Set(events.map(({ city, userAgent }) => `${city} ${userAgent}`)).size).toBe(1);
    }
  });

  it("has sign-ups, purchases with revenue, searches, attention and crawlers", () => {
    const names = countBy(aMonth(), (event) => event.name);
    for (const name of ["signup", "purchase", "search_performed", "engagement"]) {
      expect(names.get(name) ?? 0).toBeGreaterThan(100);
    }
    const purchases = aMonth().filter((event) => event.name === "purchase");
    expect(purchases.every((event) => (event.revenue?.amount ?? 0) > 0 && event.revenue?.currency === "EUR")).toBe(
      true,
    );
    expect(pageviews().some((event) => event.userAgent?.includes("Googlebot"))).toBe(true);
  });

  it("reads some articles far more than others", () => {
    const articles = [...countBy(landings("/blog/"), (event) => new URL(event.url).pathname).values()];
    expect(articles.length).toBeGreaterThan(8);
    expect(Math.max(...articles)).toBeGreaterThan(6 * Math.min(...articles));
  });
});

describe("seeded chance", () => {
  it("has the means that it is asked for", () => {
    const random = seededRandom("means");
    const mean = (draw: () => number) => Array.from({ length: 20_000 }, draw).reduce((sum, x) => sum + x, 0) / 20_000;
    expect(mean(() => random.next())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.poisson(3))).toBeCloseTo(3, 1);
    expect(Math.abs(mean(() => random.poisson(200)) - 200)).toBeLessThan(1);
    expect(Math.abs(mean(() => random.exponential(10)) - 10)).toBeLessThan(0.5);
  });

  it("picks by weight", () => {
    const random = seededRandom("weights");
    const picks = Array.from({ length: 10_000 }, () => random.pick([[3, "a"] as const, [1, "b"] as const]));
    expect(picks.filter((pick) => pick === "a").length / 10_000).toBeCloseTo(0.75, 1);
  });
});
