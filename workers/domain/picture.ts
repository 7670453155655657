// A picture of series over time, before it is drawn.

export interface PictureSeries {
  label: string;
  /** One a step; null where it is not known, which is a gap. */
  values: readonly (number | null)[];
  as: "bars" | "line";
}

export interface SeriesPicture {
  title: string;
  series: readonly PictureSeries[];
  /** Start of the first step and its length, milliseconds. */
  start: number;
  step: number;
  /** Of the site, for the hours and days below. */
  timeZone: string;
  /** One a step, where steps are not all of one length: days when clocks change, months. */
  labels?: readonly string[];
  threshold?: { value: number; label: string };
  /** Pixels. */
  width?: number;
  height?: number;
}
