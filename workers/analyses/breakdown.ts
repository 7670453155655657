import * as z from "zod";
import { defineAnalysis } from "./analysis.ts";
import { addGroups, dimensionSchema, emptyTable, finishTable, mergeTables, tableParams } from "./table.ts";

/** One row per combination of up to four dimensions, and one of time besides, every one of them: limits are for whoever shows the result. */
export const breakdown = defineAnalysis({
  name: "breakdown",
  label: "Breakdown",
  about: "One row for each value of one or more dimensions.",
  params: z.strictObject({ ...tableParams, dimensions: z.array(dimensionSchema).min(1).max(5) }),
  columns: ({ dimensions }) => dimensions,
  init: emptyTable,
  step: (view, state, { params, filters }) => addGroups(view, state, { ...params, filters }),
  merge: mergeTables,
  finish: finishTable,
  shape: "table",
});
