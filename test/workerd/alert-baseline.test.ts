// What a rule that learns the seasons takes for usual: days that somebody marked as unlike others teach it nothing and are
// judged by the week's whole range, and one hour that is far out teaches it no new level.
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Incident } from "../../workers/domain/alert.ts";
import type { Site } from "../../workers/domain/site.ts";
import { evaluateAlerts } from "../../workers/jobs/evaluate-alerts.ts";
import { seededRandom } from "../../workers/local/simulator/random.ts";
import { anEvent } from "../support/events.ts";
import { append, hex } from "./watched-site.ts";
import { createSite, DAY_MS, HOUR_MS, ok, setClock } from "./worker.ts";

const MINUTE_MS = 60_000;
/** A Wednesday. */
const TODAY = Date.UTC(2026, 10, 18);
const DAYS = 42;
const dayOf = (back: number): string => new Date(TODAY - back * DAY_MS).toISOString().slice(0, 10);

let site: Site;
const at = (path: string) => `/api/v1/sites/${site.id}${path}`;

beforeEach(async () => {
  setClock(TODAY + 15 * HOUR_MS + 10 * MINUTE_MS);
  site = await createSite();
});
afterEach(() => {
  vi.useRealTimers();
});

/** About as many views in each hour, and what `countOf` says instead; until three today. */
async function remember(
  countOf: (back: number, hour: number) => number | null,
  { weekday, sunday } = { weekday: 10, sunday: 2 },
): Promise<void> {
  const random = seededRandom("hours of six weeks");
  const events = Array.from({ length: DAYS + 1 }, (_, index) => DAYS - index).flatMap((back) => {
    const start = TODAY - back * DAY_MS;
    const hours = Array.from({ length: back === 0 ? 15 : 24 }, (_, hour) => hour);
    return hours.flatMap((hour) => {
      const usual = random.poisson(new Date(start).getUTCDay() === 0 ? sunday : weekday);
      const visitorId = hex(back * 24 + hour).padStart(16, "0");
      return Array.from({ length: countOf(back, hour) ?? usual }, (_, place) =>
        anEvent({ at: start + hour * HOUR_MS + place * 20_000, visitorId }),
      );
    });
  });
  await append(site, events);
}

const anomalous = (by: string) => ({ name: by, conditions: [{ kind: "anomaly", metric: "pageviews", by }] });
const mark = (first: number, last: number) =>
  ok("POST", at("/annotations"), { at: [dayOf(first), dayOf(last)], text: "Unlike others", exceptional: true });

/** As cron asks now, of rules that were made an hour ago. */
async function open(...rules: object[]): Promise<string[]> {
  const now = Date.now();
  setClock(now - HOUR_MS);
  for (const rule of rules) await ok("POST", at("/alert-rules"), rule);
  await evaluateAlerts.run(env, Date.now());
  setClock(now);
  await evaluateAlerts.run(env, now);
  const { incidents } = await ok<{ incidents: Incident[] }>("GET", at("/incidents?state=open"));
  return incidents.map(({ name }) => name).sort();
}

/** When it would have woken somebody in the last so many days, days back. */
async function wouldWake(rule: object, days: number): Promise<number[]> {
  const { woken } = await ok<{ woken: { at: number }[] }>("POST", at("/alert-rules/back-test"), rule);
  return woken.map(({ at: moment }) => (TODAY + DAY_MS - moment) / DAY_MS).filter((back) => back < days);
}

describe("a rule that learns the seasons", { timeout: 90_000 }, () => {
  it("wakes nobody on a holiday as quiet as a Sunday once it is marked, and would on one that is not", async () => {
    await remember((back) => (back === 0 ? 4 : null), { weekday: 30, sunday: 4 });
    expect((await wouldWake(anomalous("less"), 1)).length).toBeGreaterThan(0);
    await mark(0, 0);
    expect(await wouldWake(anomalous("less"), 1)).toEqual([]);
    expect(await open(anomalous("less"))).toEqual([]);
  });

  it("wakes somebody on a marked day too, where it is unlike every day of the week", async () => {
    await remember((back, hour) => (back === 0 && hour === 14 ? 100 : null));
    await mark(0, 0);
    expect(await open(anomalous("more"))).toEqual(["more"]);
  });

  it("learns nothing of marked days: what is usual is what it was before them", async () => {
    const campaign = (back: number) => (back >= 3 && back <= 9 ? 40 : null);
    await remember(campaign);
    // Of one that taught something the days after it look like a fall.
    const unmarked = await wouldWake(anomalous("less"), 3);
    await mark(9, 3);
    const marked = await wouldWake(anomalous("less"), 3);
    expect(marked).toEqual([]);
    expect(unmarked.length).toBeGreaterThan(0);
  });

  it("is taught no new level by an hour that is far out, whether or not it is marked", async () => {
    await remember((back, hour) => (hour !== 14 ? null : back === 7 ? 150 : back === 0 ? 60 : null));
    expect(await open(anomalous("more"), anomalous("less"))).toEqual(["more"]);
  });
});
