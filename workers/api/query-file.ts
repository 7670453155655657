// The answer to a question as a file: `?format=csv`, or its MIME type in Accept.
import { AppError } from "../domain/errors.ts";
import type { QueryResult } from "../domain/query.ts";
import type { AnalysisResult } from "../domain/question.ts";
import { fileResponse } from "../exports/file-response.ts";
import { type FormatName, formats } from "../exports/formats/index.ts";
import { queryTable } from "../exports/query-table.ts";
import type { AppContext } from "./access.ts";

const NAMES = Object.keys(formats) as FormatName[]; // its own keys

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** The format that was asked for; null for the API's own JSON. */
export function formatAsked(c: AppContext): FormatName | null {
  const asked = c.req.query("format");
  if (asked !== undefined) {
    if (isFormat(asked)) return asked;
    const message = `use one of ${NAMES.join(", ")}`;
    throw new AppError("invalid", `there is no format ${asked.slice(0, 40)}`, { errors: [{ path: "format", message }] });
  }
  const accept = c.req.header("accept") ?? "";
  return NAMES.find((name) => name !== "json" && accept.includes(formats[name].type)) ?? null;
}

/** `timeZone`: the site's, in which its days and hours are. */
export function asFile(name: FormatName, answer: QueryResult | AnalysisResult, timeZone: string): Response {
  if ("shape" in answer) {
    const message = "leave it out: a file is made of metrics by dimensions, not of an analysis";
    throw new AppError("invalid", "this question has no table", { errors: [{ path: "format", message }] });
  }
  return fileResponse(formats[name], queryTable(answer, { timeZone, at: Date.now() }));
}
