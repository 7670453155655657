import { describe, expect, it } from "vitest";
import type { ComparedRow } from "../../../workers/domain/reconciliation.ts";
import { type Evidence, explain } from "../../../workers/history/explain.ts";

type Triple = [visitors: number, visits: number, pageviews: number];

const counts = ([visitors, visits, pageviews]: Triple) => ({ visitors, visits, pageviews });
const row = (value: string, theirs: Triple, ours: Triple): ComparedRow => ({
  value,
  theirs: counts(theirs),
  ours: counts(ours),
});

const NONE: Triple = [0, 0, 0];

const evidence = (fields: Partial<Evidence>): Evidence => ({
  days: [],
  ownZone: null,
  timeZone: "UTC",
  pages: null,
  isExcluded: () => false,
  drops: {},
  visitors: 0,
  ...fields,
});

const causesOf = (fields: Partial<Evidence>, measure: "visitors" | "visits" | "pageviews") => {
  const { causes, unexplained, difference } = explain(evidence(fields), measure);
  return { difference, unexplained, causes: causes.map(({ cause, amount }) => [cause, amount]) };
};

describe("a difference", () => {
  it("is told by the days that one side has not", () => {
    const days = [
      row("2024-01-01", [5, 6, 10], NONE),
      row("2024-01-02", NONE, [1, 1, 3]),
      row("2024-01-03", [1, 1, 1], [1, 1, 1]),
    ];
    expect(causesOf({ days }, "pageviews")).toEqual({
      difference: 7,
      unexplained: 0,
      causes: [
        ["only_theirs", 10],
        ["only_ours", -3],
      ],
    });
  });

  it("is told by the pages that one side has not, those that are left out here apart", () => {
    const days = [row("2024-01-01", [5, 6, 30], [5, 6, 22])];
    const pages = [
      row("/admin", [1, 1, 6], NONE),
      row("/old", [1, 1, 3], NONE),
      row("/new", NONE, [1, 1, 1]),
      row("/", [5, 6, 21], [5, 6, 21]),
    ];
    expect(causesOf({ days, pages, isExcluded: (page) => page === "/admin" }, "pageviews")).toEqual({
      difference: 8,
      unexplained: 0,
      causes: [
        ["excluded_pages", 6],
        ["unknown_pages", 3],
        ["own_pages", -1],
      ],
    });
  });

  it("is told by what was refused here, by no more than is left, and as at most", () => {
    const days = [row("2024-01-01", [5, 6, 30], [5, 6, 20])];
    const drops = { bot: 7, no_consent: 2, do_not_track: 2, invalid: 100 };
    expect(causesOf({ days, drops }, "pageviews")).toEqual({
      difference: 10,
      unexplained: 0,
      causes: [
        ["bots", 7],
        ["consent", 3],
      ],
    });
    expect(explain(evidence({ days, drops }), "pageviews").causes.every(({ atMost }) => atMost)).toBe(true);
    expect(causesOf({ days, drops: { bot: 4 } }, "pageviews")).toMatchObject({ unexplained: 6 });
  });

  it("is not told by what was refused here where we count more", () => {
    const days = [row("2024-01-01", [5, 6, 20], [5, 6, 30])];
    expect(causesOf({ days, drops: { bot: 7 } }, "pageviews")).toEqual({
      difference: -10,
      unexplained: -10,
      causes: [],
    });
  });

  it("in visits is one of definition only on days of equal page views", () => {
    const days = [row("2024-01-01", [5, 8, 20], [5, 10, 20]), row("2024-01-02", [5, 9, 21], [5, 6, 20])];
    expect(causesOf({ days }, "visits")).toEqual({
      difference: 1,
      unexplained: 3,
      causes: [["visit_definition", -2]],
    });
    expect(causesOf({ days }, "visitors")).toEqual({ difference: 0, unexplained: 0, causes: [] });
  });

  it("is told by the zone: what our events come to when its days begin as theirs do", () => {
    const days = [row("2024-01-01", [5, 6, 20], [5, 6, 20]), row("2024-01-02", [3, 3, 9], [3, 3, 9])];
    const own = [row("2024-01-01", [5, 6, 20], [4, 5, 17]), row("2024-01-02", [3, 3, 9], [3, 3, 10])];
    const told = explain(
      evidence({ days, ownZone: { timeZone: "UTC", days: own }, timeZone: "Europe/Berlin" }),
      "pageviews",
    );
    expect(told).toMatchObject({ theirs: 29, ours: 27, difference: 2, unexplained: 0 });
    expect(told.causes).toMatchObject([{ cause: "time_zone", amount: 2, share: 100 }]);
    expect(told.causes[0]!.evidence).toContain("differ by 0 in sum, and by 4 in UTC");
  });

  it("is not told of where the export does not say it", () => {
    const days = [
      { value: "2024-01-01", theirs: { visitors: null, visits: 3, pageviews: 3 }, ours: counts([1, 1, 1]) },
    ];
    expect(explain(evidence({ days }), "visitors")).toMatchObject({ theirs: null, difference: null, causes: [] });
  });
});
