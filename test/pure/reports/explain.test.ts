// Which group a change is put down to, of two that both went the same way.
import { describe, expect, it } from "vitest";
import { explainCount } from "../../../workers/reports/explain-count.ts";
import { explainRatio } from "../../../workers/reports/explain-ratio.ts";

describe("of two groups that both went the way of the whole", () => {
  const by = { dimensions: ["visit:device"] };

  it("the one that fell further is named for a count", () => {
    const groups = [
      { values: ["Desktop"], now: 800, before: 1000 },
      { values: ["Mobile"], now: 400, before: 1000 },
    ];
    const cause = explainCount([{ ...by, groups }], { now: 1200, before: 2000 }, 1);
    expect(cause).toMatchObject({ how: "part", values: ["Mobile"], share: 75 });
    expect(cause.contributions.map(({ values, adds }) => [values[0], adds])).toEqual([
      ["Mobile", -600],
      ["Desktop", -200],
    ]);
  });

  it("the one whose own ratio rose further is named for a ratio", () => {
    const half = (rate: number) => ({ weight: 1000, rate });
    const groups = [
      { values: ["Desktop"], now: half(50), before: half(44) },
      { values: ["Mobile"], now: half(70), before: half(44) },
    ];
    const whole = { now: { weight: 2000, rate: 60 }, before: { weight: 2000, rate: 44 }, variance: 2500 };
    const cause = explainRatio([{ ...by, groups }], whole);
    expect(cause).toMatchObject({ how: "rate", values: ["Mobile"], rates: { now: 70, before: 44 } });
    expect(cause.share).toBeCloseTo((100 * 13) / 16, 9);
  });

  it("none is named where both went alike", () => {
    const groups = [
      { values: ["Desktop"], now: 500, before: 1000 },
      { values: ["Mobile"], now: 510, before: 1000 },
    ];
    expect(explainCount([{ ...by, groups }], { now: 1010, before: 2000 }, 1).how).toBe("all");
  });
});
