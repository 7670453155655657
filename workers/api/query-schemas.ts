// Questions and answers as the API takes and tells of them.
import * as z from "zod";
import type { Money } from "../domain/money.ts";
import { type QueryMeta, type QueryResult, querySchema } from "../domain/query.ts";
import { type AnalysisResult, analysisQuerySchema } from "../domain/question.ts";
import { FORMAT_NAMES, formats } from "../exports/formats/index.ts";
import { historyTool } from "./history-schemas.ts";

/** What each question is checked by; which of the two is told by `analysis`. */
const question = z.union([querySchema, analysisQuerySchema]);
export const questionsSchema = z.union([question, z.array(question).min(1).max(20)]);
export const formatSchema = z.object({ format: z.enum(FORMAT_NAMES).optional() });
/** MIME types of files other than JSON. */
export const FILE_TYPES = FORMAT_NAMES.filter((name) => name !== "json").map((name) => formats[name].type);
export const QUERY_FILES: readonly string[] = [...FILE_TYPES, "text/event-stream"];

/** What a file of the format JSON holds. */
export const fileSchema = z
  .strictObject({ about: z.record(z.string(), z.string()), rows: z.array(z.record(z.string(), z.unknown())) })
  .meta({ id: "File" });

const money = z.strictObject({
  value: z.number(),
  currency: z.string(),
  short: z.string(),
  long: z.string(),
}) satisfies z.ZodType<Money>;
const figures = z.array(z.union([z.number(), money, z.null()]));
const row = { dimensions: z.array(z.string()), metrics: figures };

const meta = z
  .strictObject({
    time_labels: z.array(z.string()).exactOptional(),
    total_rows: z.int().exactOptional(),
    imports_included: z.boolean().exactOptional(),
    imports_skip_reason: z.string().exactOptional(),
    imports: z
      .array(z.strictObject({ id: z.string(), tool: historyTool, name: z.string(), from: z.string(), to: z.string() }))
      .exactOptional(),
    metric_warnings: z
      .record(
        z.string(),
        z.strictObject({ code: z.enum(["no_single_revenue_currency", "no_rate"]), warning: z.string() }),
      )
      .exactOptional(),
    source: z.enum(["shards", "archive", "rollups", "rollups_and_shards", "analytics_engine"]),
    exact: z.boolean(),
    scanned: z.number(),
    archived: z.number().exactOptional(),
    rolled: z.number(),
    ms: z.number(),
    cached: z.literal(true).exactOptional(),
    freshness: z.number().nullable(),
    notes: z
      .array(
        z.strictObject({
          code: z.enum(["rotating_ids", "estimated", "sampled", "cut_off", "points_unavailable", "imported"]),
          message: z.string(),
        }),
      )
      .exactOptional(),
  })
  .meta({ id: "AnswerMeta" }) satisfies z.ZodType<QueryMeta>;

const change = z.array(z.number().nullable());
export const queryResult = z
  .strictObject({
    results: z.array(z.strictObject({ ...row, comparison: z.strictObject({ ...row, change }).exactOptional() })),
    meta,
    query: querySchema,
  })
  .meta({ id: "QueryResult" }) satisfies z.ZodType<QueryResult>;

export const analysisResult = z
  .strictObject({ results: z.unknown(), shape: z.string(), meta, query: analysisQuerySchema })
  .meta({ id: "AnalysisResult" }) satisfies z.ZodType<AnalysisResult>;

const answer = z.union([queryResult, analysisResult]);
const problem = z.strictObject({ error: z.looseObject({ code: z.string() }) });
export const answersSchema = z.union([answer, fileSchema, z.array(z.union([answer, problem]))]);
