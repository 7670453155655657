import * as z from "zod";
import { GRAINS } from "../domain/period.ts";
import { defineAnalysis } from "./analysis.ts";
import { addGroups, emptyTable, finishTable, mergeTables, tableParams } from "./table.ts";

/** One row per local minute, hour, day, week or month that has something in it; its key is the bucket's label. */
export const timeseries = defineAnalysis({
  name: "timeseries",
  label: "Time series",
  about: "One row for each bucket of time.",
  params: z.strictObject({ measures: tableParams.measures, grain: z.enum(GRAINS) }),
  columns: ({ grain }) => [`time:${grain}`],
  init: emptyTable,
  step: (view, state, { params, filters }) =>
    addGroups(view, state, {
      measures: params.measures,
      filters,
      dimensions: [`time:${params.grain}`],
      goals: [],
    }),
  merge: mergeTables,
  finish: finishTable,
  shape: "timeseries",
});
