// The answer to a question as a file: `?format=csv`, or its MIME type in Accept.
import { AppError } from "../domain/errors.ts";
import type { QueryResult } from "../domain/query.ts";
import type { AnalysisResult } from "../domain/question.ts";
import { fileResponse } from "../exports/file-response.ts";
import { FORMAT_NAMES, type FormatName, formats } from "../exports/formats/index.ts";
import { analysisTable, queryTable } from "../exports/query-table.ts";
import type { Table } from "../exports/table.ts";
import { cachedSite } from "../store/sites.ts";
import type { AppContext } from "./access.ts";

/** JSON is the API's own, and lines of it tell how far an answer is. */
const BY_TYPE = ["csv", "xlsx", "parquet"] as const satisfies readonly FormatName[];

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** The format that was asked for; null for the API's own JSON. */
export function formatAsked(c: AppContext): FormatName | null {
  const asked = c.req.query("format");
  if (asked !== undefined) {
    if (isFormat(asked)) return asked;
    const message = `use one of ${FORMAT_NAMES.join(", ")}`;
    throw new AppError("invalid", `there is no format ${asked.slice(0, 40)}`, {
      errors: [{ path: "format", message }],
    });
  }
  const accept = c.req.header("accept") ?? "";
  return BY_TYPE.find((name) => accept.includes(formats[name].type)) ?? null;
}

function tableOf(answer: QueryResult | AnalysisResult, timeZone: string): Table {
  const about = { timeZone, at: Date.now() };
  return "shape" in answer ? analysisTable(answer, about) : queryTable(answer, about);
}

export async function asFile(c: AppContext, name: FormatName, answer: QueryResult | AnalysisResult): Promise<Response> {
  const site = await cachedSite(c.env.DB, answer.query.site_id, Date.now());
  return fileResponse(formats[name], tableOf(answer, site?.timeZone ?? "UTC"));
}
