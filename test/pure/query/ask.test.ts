import { describe, expect, it } from "vitest";
import type { FunnelResult } from "../../../workers/analyses/funnel.ts";
import type { PropertiesResult } from "../../../workers/analyses/properties.ts";
import type { RetentionResult } from "../../../workers/analyses/retention.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { analysisQuerySchema, questionSchema } from "../../../workers/domain/question.ts";
import type { Goal } from "../../../workers/domain/site.ts";
import { answerQueries } from "../../../workers/query/run.ts";
import { anEvent } from "../../support/events.ts";
import { analyse, aQuery, aSite, portsOf, rowsOf } from "../../support/shards.ts";

const HOUR = 3_600_000;
const TODAY = Date.UTC(2026, 10, 21);
const goals: Goal[] = [
  { id: "1", name: "Signup", kind: "event", match: "signup" },
  { id: "2", name: "Blog", kind: "page", match: "/blog/*" },
];
const site = aSite({ shards: 3 });

function events(visitor: string, ...rows: Partial<Event>[]): Event[] {
  return rows.map((fields, index) =>
    anEvent({ at: TODAY + index * 1000, visitorId: visitor.padStart(16, "0"), ...fields }),
  );
}

const signup = { name: "signup" };
const steps = [{ event: "pageview" }, { event: "signup" }];

async function refusal(analysis: string, params: object, filters: Filter[] = []) {
  const query = analysisQuerySchema.parse({ site_id: "example.com", date_range: "30d", analysis, params, filters });
  const [answer] = await answerQueries([query], portsOf([], { site, goals }));
  return answer && "errors" in answer ? answer.errors : [];
}

describe("an analysis", () => {
  it("tells its period in moments, for who reads it later", async () => {
    const query = analysisQuerySchema.parse({
      site_id: "example.com",
      date_range: "7d",
      analysis: "paths",
      params: {},
    });
    const [answer] = await answerQueries([query], portsOf(events("a", {}), { site, now: TODAY + HOUR }));
    expect(answer).toMatchObject({
      query: { date_range: ["2026-11-15T00:00:00+00:00", "2026-11-21T23:59:59+00:00"] },
    });
  });

  it.each<[string, string, object, string, RegExp]>([
    ["of no such name", "funnels", {}, "analysis", /funnels is not an analysis; use funnel, retention, paths/],
    ["that metrics ask for", "breakdown", {}, "analysis", /asked for by metrics and dimensions/],
    ["with one step", "funnel", { steps: [{ event: "a" }] }, "params.steps", /2 steps or more/],
    ["with a step that says nothing", "funnel", { steps: [{ event: "a" }, {}] }, "params.steps.1", /which events/],
    ["with a field of no meaning", "funnel", { steps, windows: 3 }, "params.windows", /no such field/],
    ["with a window in words", "funnel", { steps, window: "day" }, "params.window", /milliseconds, or "session"/],
    [
      "with a step twice",
      "funnel",
      { steps: [...steps, signup].map(() => steps[0]) },
      "params.steps.1",
      /params.strict/,
    ],
    ["broken down by nothing", "funnel", { steps, breakdown: "visit:planet" }, "params.breakdown", /no dimension/],
    ["broken down by goals", "funnel", { steps, breakdown: "event:goal" }, "params.breakdown", /to group by/],
    [
      "with an unknown goal",
      "funnel",
      { steps: [{ goal: "Order" }, ...steps] },
      "params.steps.0.goal",
      /no goal Order/,
    ],
    [
      "with a broken filter",
      "retention",
      { cohort: { filter: ["is", "visit:planet", ["x"]] } },
      "params.cohort.filter.1",
      /no dimension visit:planet/,
    ],
    ["of sessions that come back", "retention", { by: "session" }, "params.by", /does not come back/],
    [
      "of months that roll",
      "retention",
      { kind: "rolling", granularity: "month" },
      "params.kind",
      /rolling with day or week/,
    ],
    ["with both ends of a path", "paths", { from: { page: "/" }, to: { page: "/a" } }, "params.to", /from or to/],
    ["with a path without end", "paths", { depth: 99 }, "params.depth", /10/],
  ])("%s is refused at its place", async (_, analysis, params, path, message) => {
    const errors = await refusal(analysis, params);
    expect(errors[0]).toEqual({ path, message: expect.stringMatching(message) });
  });

  it("with a broken filter is refused at the filter", async () => {
    const errors = await refusal("properties", {}, [["has_done", ["is", "event:goal", ["Order"]]]]);
    expect(errors).toEqual([{ path: "filters.0.1.2", message: expect.stringMatching(/no goal Order/) }]);
  });

  it("is told from a query of metrics, and each is checked as what it is", () => {
    const parse = (body: object) => questionSchema.safeParse({ site_id: "example.com", date_range: "7d", ...body });
    expect(parse({ analysis: "paths" }).data).toMatchObject({ analysis: "paths", params: {} });
    expect(parse({ metrics: ["visits"] }).data).toMatchObject({ metrics: ["visits"] });
    expect(parse({ analysis: "paths", metrics: ["visits"] }).error?.issues[0]?.message).toMatch(/metrics/);
    expect(parse({}).error?.issues[0]?.path).toEqual(["metrics"]);
  });

  it("shares one scan with queries of metrics asked together", async () => {
    const asked = portsOf(events("1", {}, signup), { site: aSite() });
    const sizes: number[] = [];
    const scan: typeof asked.scan = (shard, requests) => {
      sizes.push(requests.length);
      return asked.scan(shard, requests);
    };
    const funnel = analysisQuerySchema.parse({
      site_id: "example.com",
      date_range: "day",
      analysis: "funnel",
      params: { steps },
    });
    const answers = await answerQueries([funnel, aQuery()], { ...asked, scan });
    expect(sizes).toEqual([2]);
    expect(answers).toMatchObject([{ shape: "funnel", results: { by: "visitor" } }, { results: [{ metrics: [1] }] }]);
  });
});

describe("a user", () => {
  const before = events("1", { path: "/blog/a" }, { path: "/" });
  const signedIn = events("1", { ...signup, at: TODAY + HOUR, userId: "u" });
  const otherDevice = events("2", { name: "purchase", at: TODAY + 2 * HOUR, userId: "u" });
  const stranger = events("3", {});
  const ports = portsOf([...before, ...signedIn, ...otherDevice, ...stranger], { site, goals });
  const long = { steps: [{ goal: "Blog" }, { goal: "Signup" }, { event: "purchase" }] };
  const counts = async (params: Record<string, unknown>) =>
    (await analyse<FunnelResult>(ports, { analysis: "funnel", params })).results.steps.map(({ count }) => count);

  it("is one person before and after signing in, on every device, in whichever shard", async () => {
    expect(await counts({ ...long, by: "user" })).toEqual([1, 1, 1]);
    expect(await counts({ ...long, by: "visitor" })).toEqual([1, 1, 0]);
  });

  it("is judged within one session where the window is one", async () => {
    expect(await counts({ ...long, by: "user", window: "session" })).toEqual([1, 0, 0]);
  });

  it("is whom a funnel by user counts beside those who never signed in", async () => {
    expect(await counts({ steps, by: "user" })).toEqual([2, 1]);
  });

  it("named only outside the period does not name what lies in it", async () => {
    const late = events(
      "4",
      { at: TODAY - 90_000, userId: "w" },
      { at: TODAY - 60_000, userId: "w" },
      { at: TODAY + 60_000 },
    );
    const other = events("5", { ...signup, at: TODAY + HOUR, userId: "w" });
    const answer = await analyse<FunnelResult>(portsOf([...late, ...other], { site }), {
      analysis: "funnel",
      params: { steps, by: "user" },
    });
    expect(answer.results.steps.map(({ count }) => count)).toEqual([1, 0]);
  });
});

describe("retention", () => {
  const days = [0, 1, 2].flatMap((day) =>
    ["a", "b"].map((visitor, index) =>
      anEvent({
        at: TODAY - day * 24 * HOUR,
        visitorId: `${day}${visitor}`.padStart(16, "0"),
        persistentId: index ? "lasting" : "",
      }),
    ),
  );

  it("knows a browser by its lasting id, leaves out ids of a day, and says so", async () => {
    const { results, meta } = await analyse<RetentionResult>(portsOf(days, { site }), {
      analysis: "retention",
      date_range: "7d",
      params: { granularity: "day" },
    });
    expect(results.cohorts.filter(({ size }) => size > 0)).toEqual([
      { cohort: "2026-11-19", size: 1, returned: [1, 1, 1] },
    ]);
    expect(results.overall.slice(0, 3)).toEqual([
      { returned: 1, of: 1 },
      { returned: 1, of: 1 },
      { returned: 1, of: 1 },
    ]);
    expect(results.left_out).toBe(3);
    expect(meta.notes).toEqual([
      { code: "rotating_ids", message: expect.stringMatching(/3 visitor ids .*persistentId/) },
    ]);
  });
});

describe("who has done something", () => {
  const ports = portsOf(
    [
      ...events("1", { path: "/" }, { path: "/pricing" }, { ...signup, path: "/pricing" }),
      ...events("1", { path: "/back", at: TODAY + 3 * HOUR }),
      ...events("2", { path: "/" }, { path: "/pricing" }),
      ...events("3", { ...signup, at: TODAY - 20 * 60_000 }, { path: "/late", at: TODAY + 5 * 60_000 }),
    ],
    { site, goals },
  );
  const pages = async (...filters: Filter[]) => {
    const only: Filter = ["is", "event:name", ["pageview"]];
    const rows = await rowsOf(ports, { dimensions: ["event:page"], filters: [only, ...filters] });
    return rows.map(([page, visitors]) => `${page} ${visitors}`);
  };

  it("is found by session, also where it was done before the period began", async () => {
    expect(await pages(["has_done", ["is", "event:goal", ["Signup"]]])).toEqual(["/ 1", "/late 1", "/pricing 1"]);
  });

  it("has its negation", async () => {
    expect(await pages(["has_not_done", ["is", "event:name", ["signup"]]])).toEqual(["/ 1", "/back 1", "/pricing 1"]);
    expect(await pages(["not", ["has_not_done", ["is", "event:name", ["signup"]]]])).toEqual([
      "/ 1",
      "/late 1",
      "/pricing 1",
    ]);
  });

  it("is found by visitor, within the period", async () => {
    const filter: Filter = ["has_done", ["is", "event:name", ["signup"]], { by: "visitor" }];
    expect(await pages(filter)).toEqual(["/ 1", "/back 1", "/pricing 1"]);
  });

  it("narrows analyses too", async () => {
    const { results } = await analyse<PropertiesResult>(
      portsOf(events("1", { props: { n: "2.5" } }, signup), { site }),
      {
        analysis: "properties",
        filters: [["has_done", ["is", "event:name", ["signup"]]]],
      },
    );
    expect(results).toEqual({
      properties: [{ name: "n", events: 1, numeric: { count: 1, sum: 2.5, min: 2.5, max: 2.5, mean: 2.5 } }],
      values: null,
    });
  });
});

describe("a funnel", () => {
  it("by the first step's value takes the least of values at one moment, in whatever order they came", async () => {
    const tied = events("1", { at: TODAY, country: "FR" }, { at: TODAY, country: "DE" }, { ...signup, at: TODAY + 1 });
    const rows = async (list: Event[]) => {
      const params = { steps, breakdown: "event:page" };
      const pages = list.map((event) => ({ ...event, path: `/${event.country}` }));
      return (await analyse<FunnelResult>(portsOf(pages, { site }), { analysis: "funnel", params })).results.breakdown;
    };
    expect(await rows(tied)).toMatchObject([{ value: "/DE", steps: [{ count: 1 }, { count: 1 }] }]);
    expect(await rows(tied.toReversed())).toEqual(await rows(tied));
  });

  it("needs an event of its own for each step when it is strict", async () => {
    const twice = [{ event: "pageview" }, { event: "pageview" }];
    const ports = portsOf([...events("1", {}, {}), ...events("2", {})], { site });
    const { results } = await analyse<FunnelResult>(ports, {
      analysis: "funnel",
      params: { steps: twice, strict: true },
    });
    expect(results.steps.map(({ count, dropped }) => [count, dropped])).toEqual([
      [2, 0],
      [1, 1],
    ]);
    expect(results.steps[1]).toMatchObject({
      from_first: 50,
      since_previous: { count: 1, sum_ms: 1000, median_ms: 1000, p90_ms: 1000, exact: true },
    });
  });
});
