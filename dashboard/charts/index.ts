import type { Content, Shape } from "../state/content.ts";
import { area } from "./area.ts";
import { bar } from "./bar.ts";
import type { ChartDefinition } from "./definition.ts";
import { line } from "./line.ts";
import { number } from "./number.ts";
import { stacked } from "./stacked.ts";
import { table } from "./table.ts";

/** The charts by name, in the order in which they are offered; the first that draws a shape is its usual one. */
export const charts = {
  number,
  line,
  area,
  bar,
  stacked,
  table,
} as const satisfies Record<string, ChartDefinition>;

export type ChartName = keyof typeof charts;

export const isChartName = (name: string): name is ChartName => Object.hasOwn(charts, name);

export const chartNames: readonly ChartName[] = Object.keys(charts).filter(isChartName);

export const chartsOf = (shape: Shape): ChartName[] =>
  chartNames.filter((name) => charts[name].shapes.some((one) => one === shape));

/** The wanted chart where it draws the shape, else the usual one. */
export function chartFor(shape: Shape, wanted?: string): ChartName {
  const fitting = chartsOf(shape);
  return fitting.find((name) => name === wanted) ?? fitting[0] ?? "table";
}

export function fitting(content: Content): ChartName[] {
  return chartsOf(content.shape).filter((name) => {
    const { fits }: ChartDefinition = charts[name];
    return fits?.(content) ?? true;
  });
}
