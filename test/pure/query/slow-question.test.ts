import { describe, expect, it } from "vitest";
import type { QueryResult } from "../../../workers/domain/query.ts";
import { slowQuestion } from "../../../workers/query/slow-question.ts";

function answered(meta: Partial<QueryResult["meta"]>, query: Partial<QueryResult["query"]> = {}): QueryResult {
  return {
    results: [],
    meta: { source: "shards", exact: true, scanned: 1_200, rolled: 3, ms: 250, freshness: null, ...meta },
    query: { site_id: "a.example", metrics: ["visitors"], date_range: "7d", filters: [], dimensions: [], ...query },
  } as unknown as QueryResult;
}

describe("a slow question", () => {
  it("is kept with what was asked and read, and without the values of its filters", () => {
    const asked = answered({}, {
      dimensions: ["visit:country"],
      date_range: ["2026-01-01T00:00:00+00:00", "2026-01-31"],
      filters: [["is", "event:props:email", ["ada@example.com"]]],
    } as Partial<QueryResult["query"]>);
    expect(slowQuestion("a.example", [asked, answered({})], 5)).toEqual({
      at: 5,
      siteId: "a.example",
      asked: "visitors by visit:country, filtered and 1 more",
      period: "2026-01-01 to 2026-01-31",
      source: "shards",
      scanned: 1_200,
      rolled: 3,
      ms: 250,
    });
  });

  it("is not one that was quick, or that was answered from before", () => {
    expect(slowQuestion("a.example", [answered({ ms: 99 })], 5)).toBeNull();
    expect(slowQuestion("a.example", [answered({ cached: true })], 5)).toBeNull();
    expect(slowQuestion("a.example", [], 5)).toBeNull();
  });
});
