// Imported figures as CSV: what each line says, or what is wrong with it.
/// <reference path="../exports/papaparse.d.ts" />
import Papa from "papaparse";
import * as z from "zod";
import type { CustomMetric } from "../catalog/custom-metric.ts";
import { type ImportedFigure, MOST_FIGURES } from "../domain/benchmark.ts";
import type { FieldError } from "../domain/errors.ts";
import { metricErrors } from "../query/kpi.ts";

const COLUMNS = ["metric", "value", "source", "date"] as const;
const MOST_ERRORS = 20;

const figureSchema = z.object({
  metric: z.string(),
  value: z
    .string()
    .regex(/^[+-]?\d+(\.\d+)?$/, "use a number such as 42.5, of a percentage without its sign")
    .transform(Number)
    .refine(Number.isFinite, "use a smaller number"),
  source: z.string().min(1, "say who tells it").max(120, "use 120 characters or fewer"),
  date: z.iso.date("use a date such as 2026-11-21"),
});

/** Lines are named by their place in the file, the names' line being the first. */
export function readBenchmarks(
  csv: string,
  known: readonly CustomMetric[],
): { figures: ImportedFigure[]; errors: FieldError[] } {
  const lines: { at: number; cells: string[] }[] = [];
  let at = 0;
  Papa.parse(csv.replace(/^\uFEFF/, ""), {
    delimiter: ",",
    step({ data }) {
      at += 1;
      if (data.some((cell) => cell.trim() !== "")) lines.push({ at, cells: data.map((cell) => cell.trim()) });
    },
  });
  const [head, ...rows] = lines;
  const names = head?.cells.map((name) => name.toLowerCase()) ?? [];
  const missing = COLUMNS.filter((name) => !names.includes(name));
  const wrong = (message: string) => ({ figures: [], errors: [{ path: "csv", message }] });
  if (missing.length > 0)
    return wrong(`the first line must name the columns ${COLUMNS.join(", ")}; it lacks ${missing.join(", ")}`);
  if (rows.length === 0) return wrong("has no figures; add a line for each");
  if (rows.length > MOST_FIGURES) return wrong(`has ${rows.length} figures; send ${MOST_FIGURES} or fewer at once`);
  const read = rows.map(({ at: line, cells }) => {
    const written = Object.fromEntries(COLUMNS.map((name) => [name, cells[names.indexOf(name)] ?? ""]));
    const parsed = figureSchema.safeParse(written);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0]!;
      return { errors: [{ path: `csv.${line}.${path.join(".")}`, message }] };
    }
    const errors = metricErrors(parsed.data.metric, `csv.${line}.metric`, known);
    return errors.length > 0 ? { errors } : { figure: parsed.data };
  });
  const errors = read.flatMap((one) => ("errors" in one ? one.errors : [])).slice(0, MOST_ERRORS);
  return { figures: read.flatMap((one) => ("figure" in one ? one.figure : [])), errors };
}

/** Of each metric and source the newest that is of before a date. */
export function newestFigures(all: readonly ImportedFigure[], before: string): ImportedFigure[] {
  const groups = Map.groupBy(
    all.filter(({ date }) => date <= before),
    ({ metric, source }) => JSON.stringify([metric, source]),
  );
  return [...groups.values()].flatMap((group) => group.toSorted((a, b) => (a.date < b.date ? 1 : -1))[0] ?? []);
}
