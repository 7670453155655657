// Figures from elsewhere that a site's metrics are held against: studies, reports of an industry, a team's own from before.
import * as z from "zod";
import { type Resource, resourceName } from "./resource.ts";

export const MOST_FIGURES = 500;

export const newBenchmarksSchema = z.strictObject({
  name: resourceName,
  /** A line of names, `metric,value,source,date` in any order, then a line a figure. */
  csv: z.string().min(1, "send a line of names and a line a figure").max(200_000),
});

export interface ImportedFigure {
  metric: string;
  value: number;
  /** Who says so. */
  source: string;
  /** As of when, a date. */
  date: string;
}

export interface BenchmarkSet {
  name: string;
  figures: ImportedFigure[];
}

export interface KeptBenchmarkSet extends BenchmarkSet, Resource {}
