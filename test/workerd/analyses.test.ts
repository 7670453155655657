import { expect, it } from "vitest";
import type { FunnelResult } from "../../workers/analyses/funnel.ts";
import type { RetentionResult } from "../../workers/analyses/retention.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { QueryResult } from "../../workers/domain/query.ts";
import type { AnalysisQueryInput, AnalysisResult } from "../../workers/domain/question.ts";
import type { Site } from "../../workers/domain/site.ts";
import { aView, call, createSite, from, ok, sendTaken } from "./worker.ts";

const steps = [{ page: "/shop/*" }, { event: "purchase" }];

function analyse<Results>(site: Site, question: Partial<AnalysisQueryInput> & { analysis: string }) {
  const body = { site_id: site.id, date_range: "all", ...question };
  return ok<AnalysisResult<Results>>("POST", "/api/v2/query", body);
}

/** Visitor v of ten looks at v pages of the shop; the odd ones buy, signed in as one of two users. */
async function shopWithVisitors(): Promise<Site> {
  const site = await createSite({ shards: 4 });
  const consent = { analytics: true };
  for (let visitor = 1; visitor <= 10; visitor++) {
    const views = Array.from({ length: visitor }, (_, page) =>
      aView(site, { url: `https://example.com/shop/${page}` }),
    );
    const buys = aView(site, {
      name: "purchase",
      userId: visitor < 6 ? "ann" : "bob",
      consent,
      props: { price: visitor },
    });
    await sendTaken(visitor % 2 === 1 ? [...views, buys] : views, from(visitor));
  }
  return site;
}

it("funnel, retention, paths and properties answer at the door of queries, from four shards", async () => {
  const site = await shopWithVisitors();
  const counts = async (by: string) => {
    const { results } = await analyse<FunnelResult>(site, { analysis: "funnel", params: { steps, by } });
    return results.steps.map(({ count }) => count);
  };
  expect(await counts("visitor")).toEqual([10, 5]);
  expect(await counts("user")).toEqual([7, 2]);

  const back = await analyse<RetentionResult>(site, {
    analysis: "retention",
    params: { by: "user", granularity: "day" },
  });
  expect(back.results).toMatchObject({ cohorts: [{ size: 2, returned: [2] }], left_out: 5 });

  const ways = await analyse(site, { analysis: "paths", params: { depth: 2, limit: 1 } });
  expect(ways).toMatchObject({
    shape: "paths",
    results: {
      sessions: 10,
      nodes: [
        { id: "0:page /shop/0", sessions: 10, stops: 1 },
        { id: "1:page /shop/1", sessions: 9, stops: null },
      ],
      links: [{ source: "0:page /shop/0", target: "1:page /shop/1", sessions: 9 }],
    },
  });

  const prices = await analyse(site, { analysis: "properties", params: { property: "price", limit: 1 } });
  expect(prices.results).toEqual({
    properties: [{ name: "price", events: 5, numeric: { count: 5, sum: 25, min: 1, max: 9, mean: 5 } }],
    values: { rows: [{ value: "1", events: 1, visitors: 1 }], rest: { values: 4, events: 4 } },
  });
});

it("has_done narrows metrics, and a list may mix both kinds of questions", async () => {
  const site = await shopWithVisitors();
  const bought = ["has_done", ["is", "event:name", ["purchase"]]];
  const shared = { site_id: site.id, date_range: "all" };
  const [metrics, funnel, wrong] = await ok<[QueryResult, AnalysisResult<FunnelResult>, { error: Problem }]>(
    "POST",
    "/api/v2/query",
    [
      { ...shared, metrics: ["visitors", "pageviews"], filters: [bought] },
      { ...shared, analysis: "funnel", params: { steps }, filters: [bought] },
      { ...shared, analysis: "funnel", params: { steps: [{ goal: "None" }, ...steps] } },
    ],
  );
  expect(metrics.results).toEqual([{ dimensions: [], metrics: [5, 25] }]);
  expect(funnel.results.steps.map(({ count }) => count)).toEqual([5, 5]);
  expect(funnel.meta).toMatchObject({ source: "shards", exact: true });
  expect(wrong.error.errors).toEqual([{ path: "params.steps.0.goal", message: expect.stringContaining("goals yet") }]);
});

it("a mistake in params is refused with its path", async () => {
  const site = await createSite();
  const body = { site_id: site.id, date_range: "7d", analysis: "funnel", params: { steps: [{ event: "a" }] } };
  const { status, body: problem } = await call<Problem>("POST", "/api/v2/query", { body });
  expect([status, problem.errors?.[0]?.path]).toEqual([400, "params.steps"]);
});
