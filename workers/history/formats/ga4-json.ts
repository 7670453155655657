// The replies of the Data API as tables.
import * as z from "zod";
import type { Line } from "../table.ts";

const values = z.array(z.object({ value: z.string().default("") })).default([]);
const names = z.array(z.object({ name: z.string() })).default([]);
const report = z.object({
  dimensionHeaders: names,
  metricHeaders: names,
  rows: z.array(z.object({ dimensionValues: values, metricValues: values })).default([]),
  // Of all pages of the reply.
  rowCount: z.number().default(0),
});
const reply = z.union([z.object({ reports: z.array(report).min(1) }), report.transform((one) => ({ reports: [one] }))]);

export function isReport(text: string): boolean {
  try {
    return /"(dimensionHeaders|metricHeaders)"/.test(text) && reply.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

/** The number of a line is that of the row in its report. */
export function apiTables(json: unknown): { header: string[]; lines: Line[]; rowCount: number }[] {
  return reply.parse(json).reports.map(({ dimensionHeaders, metricHeaders, rows, rowCount }) => ({
    rowCount,
    header: [...dimensionHeaders, ...metricHeaders].map(({ name }) => name),
    lines: rows.map(({ dimensionValues, metricValues }, index) => ({
      line: index + 1,
      cells: [...dimensionValues, ...metricValues].map(({ value }) => value),
    })),
  }));
}
