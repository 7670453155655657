import { seriesPicture } from "../drawing/series-picture.ts";

/** What an alert's chart shows. */
export interface ChartFacts {
  title: string;
  /** Milliseconds. */
  start: number;
  step: number;
  timeZone: string;
  values: (number | null)[];
  /** Where the rule draws its line; null for none. */
  threshold: number | null;
}

/** As SVG. */
export const alertChart = ({ title, start, step, timeZone, values, threshold }: ChartFacts): string =>
  seriesPicture({
    title,
    start,
    step,
    timeZone,
    series: [{ label: title, values, as: "bars" }],
    ...(threshold !== null && { threshold: { value: threshold, label: `limit ${threshold}` } }),
  });
