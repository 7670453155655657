// Made-up answers, one for each shape, for the page that shows every chart. Nothing of it is ever shown as a site's own.
import type { QueryRow } from "../../workers/domain/query.ts";
import type { Asked, Content, FigureMetric, Figures, Shape } from "./content.ts";
import { METRICS } from "./metrics.ts";

const DAYS = Array.from({ length: 14 }, (_, i) => `2026-03-${String(i + 1).padStart(2, "0")}`);
const wave = (i: number, height: number): number => Math.round(height * (1 + 0.35 * Math.sin(i / 1.7)) + i * 3);

const visitors: FigureMetric = { ...METRICS.visitors, name: "visitors" };
const bounces: FigureMetric = { ...METRICS.bounce_rate, name: "bounce_rate" };

type Row = Pick<QueryRow, "dimensions"> & { values: number[]; before?: { dimensions: string[]; values: number[] } };

function figures(dimensions: string[], metrics: FigureMetric[], rows: Row[]): Figures {
  const byTime = dimensions[0] === "time:day";
  return {
    dimensions,
    metrics,
    rows: rows.map(({ before = null, values, ...row }) => ({
      ...row,
      values,
      before,
      change: values.map((value, i) => {
        const was = before?.values[i];
        return was === undefined ? null : (100 * (value - was)) / was;
      }),
    })),
    grain: byTime ? "day" : null,
    buckets: byTime ? DAYS : null,
  };
}

const CHANNELS = ["Organic Search", "Direct", "Email", "Referral", "Paid Search"];
const DEVICES = ["Desktop", "Mobile", "Tablet"];
const hours = (count: number) => count * 3_600_000;
const time = (median: number) => ({
  count: 100,
  sum_ms: median * 130,
  mean_ms: median * 1.3,
  median_ms: median,
  p90_ms: median * 3,
  exact: true,
});

export const SAMPLES: Record<Shape, { asked: Asked; contents: Content[] }> = {
  totals: {
    asked: { site_id: "sample", metrics: ["visitors"], date_range: "7d" },
    contents: [
      {
        shape: "totals",
        figures: figures(
          [],
          [visitors, bounces],
          [{ dimensions: [], values: [12_840, 43.2], before: { dimensions: [], values: [11_020, 45.1] } }],
        ),
      },
    ],
  },
  timeseries: {
    asked: { site_id: "sample", metrics: ["visitors"], date_range: "14d", dimensions: ["time:day"] },
    contents: [
      {
        shape: "timeseries",
        figures: figures(
          ["time:day"],
          [visitors],
          DAYS.map((day, i) => ({
            dimensions: [day],
            values: [wave(i, 240)],
            before: { dimensions: [`2026-02-${String(i + 15).padStart(2, "0")}`], values: [wave(i + 2, 200)] },
          })),
        ),
      },
      {
        shape: "timeseries",
        figures: figures(
          ["time:day", "visit:channel"],
          [visitors],
          DAYS.flatMap((day, i) =>
            CHANNELS.map((channel, j) => ({ dimensions: [day, channel], values: [wave(i + j, 90 - 15 * j)] })),
          ),
        ),
      },
    ],
  },
  table: {
    asked: { site_id: "sample", metrics: ["visitors"], date_range: "7d", dimensions: ["visit:channel"] },
    contents: [
      {
        shape: "table",
        figures: figures(
          ["visit:channel"],
          [visitors, bounces],
          CHANNELS.map((channel, i) => ({ dimensions: [channel], values: [900 - 170 * i, 38 + 4 * i] })),
        ),
      },
      {
        shape: "table",
        figures: figures(
          ["visit:channel", "visit:device"],
          [visitors],
          CHANNELS.flatMap((channel, i) =>
            DEVICES.map((device, j) => ({
              dimensions: [channel, device],
              values: [Math.round(500 / (1 + i + 2 * j))],
            })),
          ),
        ),
      },
    ],
  },
  funnel: {
    asked: { site_id: "sample", date_range: "7d", analysis: "funnel" },
    contents: [
      {
        shape: "funnel",
        answer: {
          by: "visitor",
          rotating: 0,
          breakdown: null,
          steps: [
            {
              name: "/",
              count: 5200,
              dropped: 0,
              from_first: 100,
              from_previous: 100,
              since_previous: null,
              since_first: null,
            },
            {
              name: "/pricing",
              count: 1900,
              dropped: 3300,
              from_first: 36.5,
              from_previous: 36.5,
              since_previous: time(41_000),
              since_first: time(41_000),
            },
            {
              name: "Sign-up",
              count: 410,
              dropped: 1490,
              from_first: 7.9,
              from_previous: 21.6,
              since_previous: time(hours(2)),
              since_first: time(hours(3)),
            },
          ],
        },
      },
    ],
  },
  retention: {
    asked: { site_id: "sample", date_range: "28d", analysis: "retention" },
    contents: [
      {
        shape: "retention",
        answer: {
          granularity: "week",
          kind: "bounded",
          by: "user",
          left_out: 0,
          cohorts: [
            { cohort: "2026-03-02", size: 820, returned: [820, 310, 240, 190] },
            { cohort: "2026-03-09", size: 760, returned: [760, 300, 220] },
            { cohort: "2026-03-16", size: 910, returned: [910, 400] },
            { cohort: "2026-03-23", size: 640, returned: [640] },
          ],
          overall: [
            { returned: 3130, of: 3130 },
            { returned: 1010, of: 2490 },
            { returned: 460, of: 1580 },
            { returned: 190, of: 820 },
          ],
        },
      },
    ],
  },
  paths: {
    asked: { site_id: "sample", date_range: "7d", analysis: "paths" },
    contents: [
      {
        shape: "paths",
        answer: {
          sessions: 900,
          nodes: [
            { id: "0:/", step: 0, kind: "page", value: "/", values: 1, sessions: 600, stops: 150 },
            { id: "0:/blog", step: 0, kind: "page", value: "/blog", values: 1, sessions: 300, stops: 180 },
            { id: "1:/pricing", step: 1, kind: "page", value: "/pricing", values: 1, sessions: 380, stops: 200 },
            { id: "1:/docs", step: 1, kind: "page", value: "/docs", values: 1, sessions: 190, stops: 190 },
            { id: "2:signup", step: 2, kind: "event", value: "signup", values: 1, sessions: 110, stops: null },
            { id: "2:rest", step: 2, kind: "rest", value: "", values: 6, sessions: 70, stops: null },
          ],
          links: [
            { source: "0:/", target: "1:/pricing", sessions: 320 },
            { source: "0:/", target: "1:/docs", sessions: 130 },
            { source: "0:/blog", target: "1:/pricing", sessions: 60 },
            { source: "0:/blog", target: "1:/docs", sessions: 60 },
            { source: "1:/pricing", target: "2:signup", sessions: 110 },
            { source: "1:/pricing", target: "2:rest", sessions: 70 },
          ],
        },
      },
    ],
  },
  properties: {
    asked: { site_id: "sample", date_range: "7d", analysis: "properties" },
    contents: [
      {
        shape: "properties",
        answer: {
          properties: [
            { name: "plan", events: 310, numeric: null },
            { name: "items", events: 120, numeric: { count: 120, sum: 260, min: 1, max: 9, mean: 2.17 } },
          ],
          values: null,
        },
      },
    ],
  },
};
