import type { Content, Shape } from "../state/content.ts";
import { area } from "./area.ts";
import { bar } from "./bar.ts";
import type { ChartDefinition } from "./definition.ts";
import { funnel } from "./funnel.ts";
import { heatMap } from "./heat-map.ts";
import { line } from "./line.ts";
import { list } from "./list.ts";
import { map } from "./map.ts";
import { number } from "./number.ts";
import { pie } from "./pie.ts";
import { sankey } from "./sankey.ts";
import { scatter } from "./scatter.ts";
import { stacked } from "./stacked.ts";
import { table } from "./table.ts";

/** The charts by name, in the order in which they are offered; the first that draws a content is its usual one. */
export const charts = {
  number,
  line,
  area,
  list,
  bar,
  stacked,
  pie,
  scatter,
  map,
  heat_map: heatMap,
  funnel,
  sankey,
  table,
} as const satisfies Record<string, ChartDefinition>;

export type ChartName = keyof typeof charts;

export const isChartName = (name: string): name is ChartName => Object.hasOwn(charts, name);

export const chartNames: readonly ChartName[] = Object.keys(charts).filter(isChartName);

const draws = (name: ChartName, shape: Shape): boolean => charts[name].shapes.some((one) => one === shape);

export const chartsOf = (shape: Shape): ChartName[] => chartNames.filter((name) => draws(name, shape));

/** The charts that say something of the content. */
export function fitting(content: Content): ChartName[] {
  return chartNames.filter((name) => charts[name].fits(content));
}

/** The wanted chart where it draws the content, else the usual one. */
export function chartFor(content: Content, wanted: string | undefined): ChartName {
  const names = fitting(content);
  return names.find((name) => name === wanted) ?? names[0] ?? "table";
}
