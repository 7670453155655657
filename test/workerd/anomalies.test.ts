import { beforeAll, describe, expect, it } from "vitest";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { seededRandom } from "../../workers/local/simulator/random.ts";
import type { ExpectedRange } from "../../workers/query/expected-range.ts";
import { call, createSite, DAY_MS, HOUR_MS, ok } from "./worker.ts";

const TODAY = Date.UTC(2026, 5, 1);
const DAYS = 70;
/** Before today. */
const FALLEN = 5;

interface Reply extends ExpectedRange {
  grain: string;
  exact: boolean;
}

let site: Site;
const asking = (asked: Record<string, string>) => `/api/v1/sites/${site.id}/anomalies?${new URLSearchParams(asked)}`;
const get = (asked: Record<string, string>) => ok<Reply>("GET", asking(asked));
const found = ({ points }: Reply) =>
  points.filter(({ anomalous }) => anomalous).map(({ time, reason }) => `${time} ${reason}`);

/** About thirty visitors a day from Germany, on one day three. From France about five. */
function history() {
  const random = seededRandom("visitors of seventy days");
  const visits = (back: number, mean: number) => (back === FALLEN && mean > 5 ? 3 : random.poisson(mean));
  const days = Array.from({ length: DAYS }, (_, index) => index + 1);
  const placed = (back: number, country: string, count: number) =>
    Array.from({ length: count }, (_, visitor) => ({
      at: TODAY - back * DAY_MS + (8 + (visitor % 8)) * HOUR_MS,
      name: "pageview",
      url: "https://example.com/",
      visitor: `${back} ${country} ${visitor}`,
      country,
    }));
  return days
    .flatMap((back) => [...placed(back, "DE", visits(back, 30)), ...placed(back, "FR", visits(back, 5))])
    .map((line, index) => ({ line: index, ...line }));
}

beforeAll(async () => {
  site = await createSite();
  const lines = history();
  for (let from = 0; from < lines.length; from += 500) {
    const options = { id: "history", label: "history", visitors: "given", bots: "keep" };
    await ok("POST", `/api/v1/sites/${site.id}/import`, { import: options, events: lines.slice(from, from + 500) });
  }
});

describe("anomalies of a metric", () => {
  const month = { from: "2026-05-02", to: "2026-05-31" };

  it("are the day that fell, told by name, with what was expected of it", async () => {
    const answer = await get({ metric: "visitors", grain: "day", ...month });
    expect(answer).toMatchObject({ grain: "day", exact: true, history: { needed: 42, missing: 0 } });
    expect(answer.points).toHaveLength(30);
    expect(found(answer)).toEqual(["2026-05-27 drop"]);
    const fallen = answer.points[25]!;
    expect(fallen).toMatchObject({ why: "far below what this day of the week brings" });
    expect(fallen.value!).toBeLessThan(fallen.low!);
    expect(fallen.expected!).toBeLessThan(fallen.high!);
  });

  it("are looked for among what the filters leave, with any metric", async () => {
    const of = (country: string) => JSON.stringify([["is", "visit:country", [country]]]);
    const asked = { metric: "visits", grain: "day", ...month };
    expect(found(await get({ ...asked, filters: of("DE") }))).toEqual(["2026-05-27 drop"]);
    expect(found(await get({ ...asked, filters: of("FR") }))).toEqual([]);
  });

  it("are told for the site's own metrics", async () => {
    const definition = { kind: "count", filters: [["is", "visit:country", ["DE"]]] };
    const metric = { name: "german_views", label: "German views", about: "Views from Germany.", definition };
    await ok("POST", `/api/v1/sites/${site.id}/metrics`, metric);
    expect(found(await get({ metric: "german_views", grain: "day", ...month }))).toEqual(["2026-05-27 drop"]);
  });

  it("are none where history is too short, and it is said how much is missing", async () => {
    const answer = await get({ metric: "visitors", grain: "day", from: "2026-03-23", to: "2026-04-20" });
    expect(answer.history).toEqual({ buckets: 29, needed: 42, missing: 13 });
    expect(answer.points.every(({ low, high }) => low === null && high === null)).toBe(true);
  });

  it("go by hours where the period is short", async () => {
    const answer = await get({ metric: "pageviews", from: "2026-05-30", to: "2026-05-31" });
    expect(answer).toMatchObject({ grain: "hour", history: { needed: 336, missing: 0 } });
    expect(answer.points).toHaveLength(48);
  });

  it.each([
    ["an unknown metric", { metric: "moods" }, "metric"],
    ["no metric", {}, "metric"],
    ["another grain", { metric: "visitors", grain: "week" }, "grain"],
    ["hours of a year", { metric: "visitors", grain: "hour", date_range: "12mo" }, "grain"],
    ["filters that are no JSON", { metric: "visitors", filters: "country is DE" }, "filters"],
    ["a filter by what is not there", { metric: "visitors", filters: '[["is","visit:mood",["x"]]]' }, "filters.0"],
    ["a period that is none", { metric: "visitors", date_range: "soon" }, "date_range"],
  ])("are refused of %s, by the name of the field", async (_, asked, path) => {
    const { status, body } = await call<Problem>("GET", asking(asked));
    expect(status).toBe(400);
    expect(body.errors?.[0]?.path).toMatch(new RegExp(`^${path}`));
  });
});
