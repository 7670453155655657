// What a panel of a board may be drawn as, and the grid that it stands on. Free of zod, so that the dashboard may import it.

export const CHARTS = [
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
  "table",
  "number",
  "text",
] as const;
export type Chart = (typeof CHARTS)[number];

/** Columns of a board's grid. */
export const GRID_COLUMNS = 12;
export const MOST_PANELS = 40;
