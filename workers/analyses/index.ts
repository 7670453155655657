import { breakdown } from "./breakdown.ts";
import { timeseries } from "./timeseries.ts";
import { totals } from "./totals.ts";

export const analyses = {
  totals,
  timeseries,
  breakdown,
};

export type AnalysisName = keyof typeof analyses;
