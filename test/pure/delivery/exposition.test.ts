import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exposition } from "../../../workers/delivery/exposition.ts";
import type { MetricSample } from "../../../workers/domain/metric-sample.ts";
import { readExposition } from "../../support/read-exposition.ts";

const JULY = Date.UTC(2026, 6, 1);

const aSample = (fields: Partial<MetricSample> = {}): MetricSample => ({
  name: "edgewise_site_visitors",
  about: "Distinct visitors.",
  unit: "count",
  labels: { site: "shop" },
  value: 12,
  since: null,
  ...fields,
});
const views = (fields: Partial<MetricSample> = {}) =>
  aSample({ name: "edgewise_site_pageviews", about: "Page views.", since: JULY, ...fields });

describe("the page that Prometheus reads", () => {
  it("names a counter as its samples are in the text format", () => {
    expect(exposition([aSample(), views({ value: 40 })], "text")).toBe(
      [
        "# HELP edgewise_site_visitors Distinct visitors.",
        "# TYPE edgewise_site_visitors gauge",
        'edgewise_site_visitors{site="shop"} 12',
        "# HELP edgewise_site_pageviews_total Page views.",
        "# TYPE edgewise_site_pageviews_total counter",
        'edgewise_site_pageviews_total{site="shop"} 40',
        "",
      ].join("\n"),
    );
  });

  it("names the counter's family and its beginning in OpenMetrics, and ends", () => {
    expect(exposition([views({ value: 40 })], "openmetrics")).toBe(
      [
        "# HELP edgewise_site_pageviews Page views.",
        "# TYPE edgewise_site_pageviews counter",
        'edgewise_site_pageviews_total{site="shop"} 40',
        'edgewise_site_pageviews_created{site="shop"} 1782864000',
        "# EOF",
        "",
      ].join("\n"),
    );
  });

  it.each(["text", "openmetrics"] as const)("keeps a family together, whatever order it comes in (%s)", (format) => {
    const samples = [aSample(), views(), aSample({ labels: { site: "blog" } }), views({ labels: { site: "blog" } })];
    const read = readExposition(exposition(samples, format), format);
    expect(read.map(({ samples: own }) => own.length)).toEqual(format === "text" ? [2, 2] : [2, 4]);
  });

  it.each(["text", "openmetrics"] as const)("says any text and number so that it is read back (%s)", (format) => {
    const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((one) => `${one}\\n"\n`);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), text, text, (value, about, name) => {
        const labels = { name, site: 'a"\\b' };
        const [family] = readExposition(exposition([aSample({ value, about, labels })], format), format);
        expect(family).toMatchObject({ type: "gauge", help: about, samples: [{ labels }] });
        // One zero is as good as the other.
        expect(family!.samples[0]!.value + 0).toBe(value + 0);
      }),
    );
  });

  it("of nothing is empty but for its end", () => {
    expect(exposition([], "text")).toBe("");
    expect(exposition([], "openmetrics")).toBe("# EOF\n");
  });
});

describe("the reader of the grammar", () => {
  const line = (text: string) => () => readExposition(`# TYPE a gauge\n${text}\n`, "text");
  it.each([
    ["a 1", true],
    ['a{b="c"} 1', true],
    ["a", false],
    ["a one", false],
    ["a  1", false],
    ["b 1", false],
    ['a{b="c} 1', false],
    ['a{b="\\t"} 1', false],
    ['a{b="c" d="e"} 1', false],
    ['a{b="c",b="c"} 1', false],
    ['a{1b="c"} 1', false],
    ["a 1\na 1", false],
    ["a 1\n# TYPE a gauge", false],
    ["a 1\n# TYPE b gauge\nb 1\n# TYPE a gauge", false],
    ["", false],
  ])("takes %j: %s", (text, isRight) => {
    if (isRight) expect(line(text)).not.toThrow();
    else expect(line(text)).toThrow();
  });

  it("wants OpenMetrics to end, and counters to be named and to be counts", () => {
    expect(() => readExposition("# TYPE a gauge\na 1\n", "openmetrics")).toThrow("EOF");
    expect(() => readExposition("# TYPE a counter\na 1\n# EOF\n", "openmetrics")).toThrow("not of a");
    expect(() => readExposition("# TYPE a_total counter\na_total -1\n", "text")).toThrow("-1");
  });
});
