import * as z from "zod";
import { dateRangeSchema, filterSchema, type Query, type QueryMeta, querySchema } from "./query.ts";
import { siteIdSchema } from "./site.ts";

// Questions that are more than metrics by dimensions: funnels, retention, paths, properties. They go to the same door, as
// `analysis` and `params` beside Plausible's fields; which params an analysis takes is told by its own file.

/**
 * `visitor`: a browser that consented to be recognised, by its lasting id; any other visitor by the day's own ·
 * `session` · `user`: a signed-in user; whoever never signed in as `visitor` has it.
 */
export const PERSON_KINDS = ["visitor", "session", "user"] as const;
export type PersonKind = (typeof PERSON_KINDS)[number];

/** Of one analysis; the engine keeps what an event fits as bits of a number. */
export const MOST_MATCHERS = 16;

const text = z.string().min(1).max(500);

/**
 * The events that a step, a cohort or a path speaks of. `page` is a path, `*` standing for anything, and means page views
 * unless `event` names other events of that page; `goal` is one of the site's; `filter` narrows what the others name.
 */
export const matcherSchema = z
  .strictObject({
    event: text.optional(),
    page: text.optional(),
    goal: text.optional(),
    filter: filterSchema.optional(),
    /** Shown instead of what is matched. */
    name: z.string().trim().min(1).max(120).optional(),
  })
  .refine(
    ({ event, page, goal, filter }) => event ?? page ?? goal ?? filter,
    'say which events: { "event": "signup" }, { "page": "/blog/*" }, { "goal": "Signup" } or { "filter": [...] }',
  );

export type Matcher = z.infer<typeof matcherSchema>;

export const analysisQuerySchema = z
  .strictObject({
    site_id: siteIdSchema,
    date_range: dateRangeSchema,
    filters: z.array(filterSchema).max(50).default([]),
    analysis: z.string().max(60),
    params: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: "AnalysisQuery" });

export type AnalysisQuery = z.infer<typeof analysisQuerySchema>;
export type AnalysisQueryInput = z.input<typeof analysisQuerySchema>;

export interface AnalysisResult<Results = unknown> {
  results: Results;
  /** How the results are laid out, and so how they can be shown. */
  shape: string;
  meta: QueryMeta;
  query: AnalysisQuery;
}

export type Question = Query | AnalysisQuery;

export function isAnalysisQuery(question: Question): question is AnalysisQuery {
  return "analysis" in question;
}

/** Either kind, told apart by `analysis`, so that mistakes are those of the kind that was meant. */
export const questionSchema = z.unknown().transform((body, context): Question => {
  const isAnalysis = typeof body === "object" && body !== null && "analysis" in body;
  const parsed = (isAnalysis ? analysisQuerySchema : querySchema).safeParse(body);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path: [...path], message });
  return z.NEVER;
});
