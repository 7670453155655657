/** A figure from elsewhere that a metric is held against. */
export interface ImportedFigure {
  metric: string;
  value: number;
  /** Who says so. */
  source: string;
  /** As of when, a date. */
  date: string;
}
