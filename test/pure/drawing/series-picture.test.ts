import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SeriesPicture } from "../../../workers/domain/picture.ts";
import { ticksOf } from "../../../workers/drawing/picture-marks.ts";
import { seriesPicture } from "../../../workers/drawing/series-picture.ts";

const HOUR_MS = 3600_000;
const aPicture = (fields: Partial<SeriesPicture> = {}): SeriesPicture => ({
  title: "Page views",
  series: [{ label: "Page views", values: [4, 8, null, 2], as: "bars" }],
  start: Date.UTC(2026, 10, 27, 12),
  step: HOUR_MS,
  timeZone: "Europe/Oslo",
  ...fields,
});
const numbersIn = (svg: string, name: string) =>
  [...svg.matchAll(new RegExp(` ${name}="([^"]*)"`, "g"))].map(([, value]) => Number(value));

describe("a picture of series", () => {
  it("has a bar for each value that is known, as high as it is, and hours in the site's time", () => {
    const svg = seriesPicture(aPicture());
    const heights = [...svg.matchAll(/<rect x="[^"]*" y="[^"]*" width="[^"]*" height="([^"]*)"/g)].map(([, h]) =>
      Number(h),
    );
    expect(heights).toHaveLength(3);
    expect(heights[1]! / heights[0]!).toBeCloseTo(2, 1);
    expect(heights[0]! / heights[2]!).toBeCloseTo(2, 1);
    expect(svg).toContain(">Fri 13:00<");
  });

  it("breaks a line where nothing is known, and draws the threshold where it lies", () => {
    const line = aPicture({ series: [{ label: "v", values: [1, 2, null, 3, 4], as: "line" }] });
    const svg = seriesPicture({ ...line, threshold: { value: 8, label: "above 8" } });
    expect(/d="([^"]*)"/.exec(svg)![1]!.match(/M/g)).toHaveLength(2);
    expect(svg).toContain(">above 8<");
    const dashed = /y1="([\d.]+)" y2="\1" stroke="#c01c1c"/.exec(svg);
    expect(Number(dashed![1])).toBe(34);
  });

  it("is well-formed, within its frame and finite for any numbers and texts", { timeout: 60_000 }, () => {
    const values = fc.array(fc.option(fc.oneof(fc.integer(), fc.double()), { nil: null }), { maxLength: 60 });
    const label = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(values, values, label, fc.option(fc.integer(), { nil: null }), (bars, line, title, limit) => {
        const svg = seriesPicture(
          aPicture({
            title,
            series: [
              { label: title, values: bars, as: "bars" },
              { label: title, values: line, as: "line" },
            ],
            ...(limit !== null && { threshold: { value: limit, label: title } }),
          }),
        );
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
        const places = ["x", "y", "width", "height", "x1", "x2", "y1", "y2"].flatMap((name) => numbersIn(svg, name));
        expect(places.filter((at) => !(at >= -0.1 && at <= 560.1))).toEqual([]);
        // Nothing but our own elements, whatever the texts hold.
        const outside = svg.replaceAll(/<\/?(?:svg|title|rect|text|line|path)(?: [\w:-]+="[^"<>]*")* ?\/?>/g, "");
        expect(outside).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});

describe("ticks", () => {
  it("are round and hold all between them", () => {
    expect(ticksOf(0, 8)).toEqual([0, 2, 4, 6, 8]);
    expect(ticksOf(-3, 9)).toEqual([-5, 0, 5, 10]);
    expect(ticksOf(0, 0.3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticksOf(0, 1234)).toEqual([0, 500, 1000, 1500]);
  });
});
