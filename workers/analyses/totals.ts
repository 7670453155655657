import * as z from "zod";
import { defineAnalysis } from "./analysis.ts";
import { addGroups, emptyTable, finishTable, mergeTables, tableParams } from "./table.ts";

/** The whole period as one row; none when nothing was counted. */
export const totals = defineAnalysis({
  name: "totals",
  label: "Totals",
  about: "The whole period as one row.",
  params: z.strictObject({ measures: tableParams.measures }),
  columns: () => [],
  init: emptyTable,
  step: (view, state, { params, filters }) => addGroups(view, state, { ...params, filters, dimensions: [], goals: [] }),
  merge: mergeTables,
  finish: finishTable,
  shape: "totals",
});
