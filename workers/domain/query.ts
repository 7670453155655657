import * as z from "zod";
import type { HistoryTool } from "./history.ts";
import type { MetricValue } from "./money.ts";
import { siteIdSchema } from "./site.ts";

// The question language: Plausible's Stats API v2 shape. Dimension and metric names are checked against the catalogue
// by query/normalize.ts, which knows it; here only the grammar.

/** `matches` takes patterns of RE2 syntax; `matches_wildcard` whole values in which `*` stands for anything. */
export const FILTER_OPERATORS = [
  "is",
  "is_not",
  "contains",
  "contains_not",
  "matches",
  "matches_not",
  "matches_wildcard",
  "matches_wildcard_not",
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export const BEHAVIOURS = ["has_done", "has_not_done"] as const;
/** Whose doing counts: that of the same session, or of the same visitor in the period. */
export type Doer = "session" | "visitor";

/**
 * `["is", "visit:country", ["DE", "FR"]]`, joined by `["and", [...]]`, `["or", [...]]`, `["not", filter]`.
 * `["has_done", filter]` keeps every event of a session in which some event passes the inner filter; with
 * `{ by: "visitor" }` every event of a visitor who has such an event in the period.
 */
export type Filter =
  | [FilterOperator, string, string[]]
  | [FilterOperator, string, string[], { case_sensitive?: boolean }]
  | ["and" | "or", Filter[]]
  | ["not", Filter]
  | [(typeof BEHAVIOURS)[number], Filter]
  | [(typeof BEHAVIOURS)[number], Filter, { by: Doer }];

const clausesSchema = z
  .array(
    z.union([z.string().max(2000), z.number().transform(String)], "use a text of at most 2000 characters, or a number"),
  )
  .min(1)
  .max(1000);
const modifiersSchema = z.strictObject({ case_sensitive: z.boolean().optional() });

const conditionSchemas = [
  z.tuple([z.enum(FILTER_OPERATORS), z.string().max(200), clausesSchema]),
  z.tuple([z.enum(FILTER_OPERATORS), z.string().max(200), clausesSchema, modifiersSchema]),
] as const;

const doerSchema = z.strictObject({ by: z.enum(["session", "visitor"]) });

/** Deep enough for people; a schema without end would let a long body exhaust the stack. */
const FILTER_DEPTH = 10;

const CONDITION_ADVICE = `use ["is", "event:page", ["/"]], or in the place of is one of ${FILTER_OPERATORS.slice(1).join(", ")}`;
const FILTER_ADVICE = `${CONDITION_ADVICE}; or join such filters by ["and", [...]], ["or", [...]], ["not", filter], ["has_done", filter], ["has_not_done", filter]`;

function filtersOfDepth(depth: number): z.ZodType {
  if (depth === 0)
    return z.union(conditionSchemas, `${CONDITION_ADVICE}; filters are nested ${FILTER_DEPTH} deep at most`);
  const inner = filtersOfDepth(depth - 1).meta({ within: "Filter" });
  return z.union(
    [
      ...conditionSchemas,
      z.tuple([z.enum(["and", "or"]), z.array(inner).min(1).max(50)]),
      // One tuple for all of these, since each alternative reads what is inside again.
      z
        .tuple([z.enum(["not", ...BEHAVIOURS]), inner, doerSchema.optional()])
        .refine(
          ([operator, , doer]) => operator !== "not" || doer === undefined,
          "not takes one filter and nothing more",
        ),
    ],
    FILTER_ADVICE,
  );
}

/** `and`, `or`, `not` and `has_done` may be nested ten deep. */
export const filterSchema = filtersOfDepth(FILTER_DEPTH).meta({ id: "Filter" }) as z.ZodType<Filter>; // numbers become strings on the way in

export const DATE_RANGES = ["day", "24h", "7d", "28d", "30d", "91d", "month", "6mo", "12mo", "year", "all"] as const;

/** The last so many days or months, this one included: `14d`, `3mo`. */
const lastSchema = z
  .templateLiteral([z.int(), z.enum(["d", "mo"])])
  .refine((text) => /^[1-9]\d{0,3}(d|mo)$/.test(text), "use 1 to 9999 days or months");

export const dateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "use a date such as 2026-11-21");
const isoMoment = z.union([dateSchema, z.iso.datetime({ offset: true })]);

export const dateRangeSchema = z.union(
  [z.enum(DATE_RANGES), lastSchema, z.tuple([isoMoment, isoMoment])],
  `use one of ${DATE_RANGES.join(", ")}, a number of days or months such as 14d or 3mo, or a pair of dates such as ["2026-11-01", "2026-11-21"]`,
);

/** `match_day_of_week` moves the other period by up to three days, so that both begin on the same day of the week. */
export const comparisonSchema = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.enum(["previous_period", "year_over_year"]),
    match_day_of_week: z.boolean().optional(),
  }),
  z.strictObject({
    mode: z.literal("custom"),
    date_range: z.tuple([dateSchema, dateSchema]),
    match_day_of_week: z.boolean().optional(),
  }),
]);

export type ComparisonInput = z.infer<typeof comparisonSchema>;

export const querySchema = z
  .strictObject({
    site_id: siteIdSchema,
    metrics: z.array(z.string().max(60)).min(1).max(20),
    date_range: dateRangeSchema,
    dimensions: z.array(z.string().max(200)).max(4).default([]),
    filters: z.array(filterSchema).max(50).default([]),
    order_by: z
      .array(z.tuple([z.string().max(200), z.enum(["asc", "desc"])]))
      .max(8)
      .optional(),
    include: z
      .strictObject({
        time_labels: z.boolean().optional(),
        total_rows: z.boolean().optional(),
        imports: z.boolean().optional(),
        /** Ends a period that is not over now, and the one it is compared with after as much time. */
        trim_relative_date_range: z.boolean().optional(),
        /** Another period, for change in percent. */
        comparisons: comparisonSchema.optional(),
      })
      .default({}),
    pagination: z
      .strictObject({ limit: z.int().min(1).max(10_000).default(10_000), offset: z.int().min(0).default(0) })
      .default({ limit: 10_000, offset: 0 }),
  })
  .meta({ id: "Query" });

export type Query = z.infer<typeof querySchema>;
/** What a client sends: defaults may be left out. */
export type QueryInput = z.input<typeof querySchema>;

export interface QueryRow {
  dimensions: string[];
  /** In the order of the query's metrics; amounts with their currency. */
  metrics: MetricValue[];
  comparison?: { dimensions: string[]; metrics: MetricValue[]; change: (number | null)[] };
}

export interface QueryMeta {
  /** Every bucket of the period, in order, when a time dimension and `include.time_labels` are given. */
  time_labels?: string[];
  total_rows?: number;
  /** Told when `include.imports` is given; false where history of another tool was left out. Imported events are events like others. */
  imports_included?: boolean;
  /** Why it was left out. */
  imports_skip_reason?: string;
  /** The histories of other tools that are in the answer. */
  imports?: { id: string; tool: HistoryTool; name: string; from: string; to: string }[];
  /** By metric, why it could not be reckoned. */
  metric_warnings?: Record<string, MetricWarning>;
  /** `archive`: the shards, for which some events were read back. `rollups`: finished counts of closed hours, days and months. `analytics_engine`: estimated from samples. */
  source: "shards" | "archive" | "rollups" | "rollups_and_shards" | "analytics_engine";
  /** Never of Analytics Engine, which samples. */
  exact: boolean;
  /** Events read, for all questions asked together; of an estimate, the points that were read for it. */
  scanned: number;
  /** Events that had to be read back from the archive; left out when there are none. */
  archived?: number;
  /** Rows of roll-ups read, for all questions asked together. */
  rolled: number;
  ms: number;
  /** Whether it is an answer of before, of whose period no event came or went since. */
  cached?: true;
  /** Receipt time of the newest event that the answer includes, milliseconds; null when there is none, and of an estimate. */
  freshness: number | null;
  /** What a reader must know to take the figures rightly. */
  notes?: QueryNote[];
}

export interface MetricWarning {
  /**
   * `no_single_revenue_currency`: amounts of several currencies, and the site has no currency of its own to put them in ·
   * `no_rate`: it has, but lacks a rate.
   */
  code: "no_single_revenue_currency" | "no_rate";
  warning: string;
}

export interface QueryNote {
  /**
   * `rotating_ids`: visitor ids that change daily were counted or left out where the question spans days · `estimated`: some
   * figures are estimates, within the error that the message states · `sampled`: all are, of so many points of Analytics
   * Engine · `cut_off`: of only the largest groups · `points_unavailable`: exact, although the site is above its exact limit,
   * since Analytics Engine is not set up or did not answer · `imported`: some days are of another tool.
   */
  code: "rotating_ids" | "estimated" | "sampled" | "cut_off" | "points_unavailable" | "imported";
  message: string;
}

export interface QueryResult {
  results: QueryRow[];
  meta: QueryMeta;
  /** As it was asked, with the moments that its range came to and the order that was used. */
  query: Query;
}
