// What a panel of a board may be drawn as, and the grid that it stands on. Free of zod, so that the dashboard may import it.

const DRAWN = [
  "line",
  "area",
  "bar",
  "stacked",
  "pie",
  "scatter",
  "heat_map",
  "funnel",
  "sankey",
  "map",
  "list",
  "table",
  "number",
] as const;

/** Panels that draw no question's answer. */
export const PLAIN_CHARTS = ["text", "insights"] as const;
export type PlainChart = (typeof PLAIN_CHARTS)[number];

export const CHARTS = [...DRAWN, ...PLAIN_CHARTS] as const;
export type Chart = (typeof CHARTS)[number];

export const isPlainChart = (chart: Chart): chart is PlainChart => PLAIN_CHARTS.some((plain) => plain === chart);

/** Columns of a board's grid. */
export const GRID_COLUMNS = 12;
export const MOST_PANELS = 40;
