import { describe, expect, it } from "vitest";
import { toFilter } from "../../../dashboard/state/questions.ts";
import { DEFAULT_VIEW, parseView } from "../../../dashboard/state/view.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { viewFilter, viewLink } from "../../../workers/reports/view-link.ts";
import { lookingAt } from "./planted.ts";

const viewOf = (link: string) => parseView(link.slice(link.indexOf("?") + 1));

describe("the link to the view behind an insight", () => {
  it("is read by the dashboard as the period, comparison, metric and filters that were meant", () => {
    const filters: Filter[] = [
      ["is", "visit:source", ["Direct / None", "a,b 100%"]],
      ["contains_not", "event:page", ["/x"]],
      ["has_done", ["is", "event:name", ["signup"]]],
      ["has_not_done", ["is", "event:goal", ["Order"]], { by: "visitor" }],
      ["is", "segment", ["7"]],
    ];
    const looking = lookingAt({ filters, compare: "year_over_year" });
    const view = viewOf(viewLink(looking, { metric: "bounce_rate", filters: [["is", "visit:country", ["DE"]]] }));
    expect(view).toMatchObject({
      period: { name: "custom", from: "2026-05-04", to: "2026-05-31" },
      metric: "bounce_rate",
      compare: "year",
    });
    expect(view.filters.map(toFilter)).toEqual([...filters, ["is", "visit:country", ["DE"]]]);
  });

  it.each(["day", "7d", "28d", "30d", "91d", "month", "year", "12mo"] as const)(
    "names the range %s as the menu does",
    (range) => {
      const link = viewLink(lookingAt({ range }), {});
      expect(viewOf(link)).toEqual({ ...DEFAULT_VIEW, period: { name: range === "day" ? "today" : range } });
    },
  );

  it("has no place for filters that join others, or that mind no case", () => {
    const plain: Filter = ["is", "visit:country", ["DE"]];
    const joined: Filter[] = [
      ["and", [plain]],
      ["not", plain],
      ["has_done", ["not", plain]],
      ["is", "event:page", ["/"], { case_sensitive: false }],
    ];
    expect(joined.map(viewFilter)).toEqual([null, null, null, null]);
  });
});
