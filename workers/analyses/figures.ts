import * as z from "zod";
import { type Figure, type FigureValue, figureSchema } from "../catalog/figure.ts";
import { addPart, type FigureRow, figureRows, figureValue } from "../engine/figures.ts";
import { defineAnalysis } from "./analysis.ts";
import { dimensionSchema, keyOf, tableParams } from "./table.ts";

export interface FigureTable {
  rows: FigureRow[];
}

/** In the order of the figures; null where nothing was counted. */
export interface FigureAnswer {
  key: string[];
  values: (FigureValue | null)[];
}

/** Rows by key of tables that grow. */
const rowsByKey = new WeakMap<FigureTable, Map<string, FigureRow>>();

function addRows(state: FigureTable, rows: readonly FigureRow[]): FigureTable {
  const known = rowsByKey.get(state) ?? new Map(state.rows.map((row) => [keyOf(row.key), row]));
  rowsByKey.set(state, known);
  for (const row of rows) {
    const own = known.get(keyOf(row.key));
    if (own) own.parts = own.parts.map((part, place) => addPart(part, row.parts[place]!));
    else {
      known.set(keyOf(row.key), row);
      state.rows.push(row);
    }
  }
  return state;
}

const columns = (figure: Figure) => ("property" in figure ? [`event:props:${figure.property}`] : []);

/** Metrics that users made: figures by up to four dimensions, none for the whole period. */
export const figures = defineAnalysis({
  name: "figures",
  label: "Figures",
  about: "What users' own metrics are made of, by group.",
  params: z.strictObject({
    figures: z.array(figureSchema).min(1).max(50),
    dimensions: z.array(dimensionSchema).max(4),
    goals: tableParams.goals,
  }),
  columns: (params) => [...params.dimensions, ...params.figures.flatMap(columns)],
  init: (): FigureTable => ({ rows: [] }),
  step: async (view, state, { params, filters }) => addRows(state, await figureRows(view, { ...params, filters })),
  merge: (a, b) => addRows(structuredClone(a), structuredClone(b).rows),
  finish: ({ rows }, params): FigureAnswer[] =>
    rows
      .map(({ key, parts }) => ({
        key,
        values: parts.map((part, place) => part && figureValue(part, params.figures[place]!)),
      }))
      .toSorted((a, b) => (keyOf(a.key) < keyOf(b.key) ? -1 : 1)),
  shape: "table",
});
