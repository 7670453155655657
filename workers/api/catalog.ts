// What can be asked for, as the registries have it. The same for every site, and for everybody to read.
import { Hono } from "hono";
import * as z from "zod";
import { analyses } from "../analyses/index.ts";
import type { BoardTemplate } from "../catalog/board-template.ts";
import { boards } from "../catalog/boards/index.ts";
import { dimensions } from "../catalog/dimensions/index.ts";
import { MEASURE_TEXTS } from "../catalog/measure.ts";
import type { Metric } from "../catalog/metric.ts";
import { metrics } from "../catalog/metrics/index.ts";
import type { Pack } from "../catalog/pack.ts";
import { packs } from "../catalog/packs/index.ts";
import { boardShape, newBoardSchema } from "../domain/board.ts";
import { DATE_RANGES, FILTER_OPERATORS } from "../domain/query.ts";
import type { Env } from "../env.ts";
import { operation } from "./operation.ts";

const measureList = Object.entries(MEASURE_TEXTS).map(([name, text]) => ({ name, ...text }));

const metricList = Object.entries<Metric>(metrics).map(([name, metric]) => {
  const { label, about, unit, better, formula, from, needs = [] } = metric;
  return { name, label, about, unit, better, formula, from, needs };
});

/** With what they count, as users define their own. */
const packedMetrics = Object.entries<Pack>(packs).flatMap(([pack, own]) =>
  Object.entries(own.metrics).map(([name, metric]) => ({ name, ...metric, from: [], needs: [], pack })),
);

const dimensionList = Object.entries(dimensions).map(([name, { label, scope, empty }]) => ({
  name,
  label,
  scope,
  empty,
  filterable: scope !== "time",
}));

/** Those without `asked` are reached by metrics and dimensions. */
const analysisList = Object.values(analyses).map(({ name, label, about, shape, ...more }) => ({
  name,
  label,
  about,
  shape,
  asked: "ask" in more && more.ask !== undefined,
}));

/** With what templates leave out. */
const boardList = () =>
  Object.entries<BoardTemplate>(boards).map(([name, { panels, ...template }]) => ({
    name,
    ...template,
    panels: newBoardSchema.shape.panels.parse(panels),
  }));

const text = z.string();
const named = { name: text, label: text };
const catalogSchema = z
  .strictObject({
    measures: z.array(z.strictObject({ name: text, about: text, unit: text })),
    // Those of packs say their pack, and what they count.
    metrics: z.array(
      z.looseObject({
        ...named,
        about: text,
        unit: text,
        better: text,
        formula: text,
        from: z.array(text),
        needs: z.array(text),
      }),
    ),
    dimensions: z.array(z.strictObject({ ...named, scope: text, empty: text, filterable: z.boolean() })),
    properties: text,
    analyses: z.array(z.strictObject({ ...named, about: text, shape: text, asked: z.boolean() })),
    boards: z.array(z.strictObject({ ...named, about: text, panels: boardShape.shape.panels })),
    operators: z.array(z.enum(FILTER_OPERATORS)),
    date_ranges: z.array(z.enum(DATE_RANGES)),
  })
  .meta({ id: "Catalog" });

export const catalog = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({ summary: "List what can be asked for", needs: "nothing", replies: { 200: catalogSchema } }),
  (c) => {
    c.header("cache-control", "public, max-age=300");
    return c.json({
      measures: measureList,
      metrics: [...metricList, ...packedMetrics],
      dimensions: dimensionList,
      /** `event:props:<name>` is a dimension for every property. */
      properties: "event:props:<name>",
      analyses: analysisList,
      /** Templates. */
      boards: boardList(),
      operators: FILTER_OPERATORS,
      date_ranges: DATE_RANGES,
    });
  },
);
