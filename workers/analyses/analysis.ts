// What an analysis is. Its partial is plain JSON; merging partials of disjoint visitors, in any order and grouping, and
// finishing gives the same as one partial of all of them.

import type * as z from "zod";
import { fieldErrors } from "../domain/errors.ts";
import type { Period } from "../domain/period.ts";
import type { Filter, QueryNote } from "../domain/query.ts";
import type { Matcher } from "../domain/question.ts";
import type { Sheet } from "../domain/sheet.ts";
import type { View } from "../engine/view.ts";

/** How a result is laid out, and so how it can be shown. */
export type Shape = "totals" | "timeseries" | "table" | "funnel" | "retention" | "paths" | "properties";

/** The site and period of a question, and what turns its words into filters. Mistakes are gathered, with their paths. */
export interface Asked {
  period: Period;
  timeZone: string;
  /** Whether there are several shards, in which a person may be known. */
  elsewhere: boolean;
  matcher(matcher: Matcher, path: string): Filter;
  /** Refuses names that nothing can be grouped by. */
  dimension(name: string, path: string): string;
  refuse(path: string, message: string): void;
}

/** A reader of what clients write as `params`; `prepare` makes of it the params that shards take. */
export function asks<Written, Params>(
  schema: z.ZodType<Written>,
  prepare: (written: Written, asked: Asked) => Params,
): (params: unknown, asked: Asked) => Params | null {
  return (params, asked) => {
    const parsed = schema.safeParse(params);
    if (parsed.success) return prepare(parsed.data, asked);
    for (const { path, message } of fieldErrors(parsed.error.issues, ["params"])) asked.refuse(path, message);
    return null;
  };
}

export interface AnalysisDefinition<Params, Partial, Result> {
  name: string;
  label: string;
  /** One sentence for people. */
  about: string;
  params: z.ZodType<Params>;
  /** Event columns and dimensions that it reads, for sources that must be told beforehand. */
  columns(params: Params): string[];
  /** The partial of no visitors. */
  init(params: Params): Partial;
  /** `state` and the view's visitors together, `state` itself or another; a view holds all rows of each of its visitors. */
  step(view: View, state: Partial, options: { params: Params; filters: readonly Filter[] }): Promise<Partial>;
  /** Puts what was gathered view by view into the form that merges; left out where it has it. */
  close?(state: Partial, params: Params): Partial;
  merge(a: Partial, b: Partial): Partial;
  finish(partial: Partial, params: Params): Result;
  shape: Shape;
  /** From a client's `params`; absent where questions of metrics and dimensions ask for it. */
  ask?(params: unknown, asked: Asked): Params | null;
  /** The result as rows for a file; of every analysis that clients may ask for. `asked` is what they wrote as params. */
  sheet?(result: Result, asked: Readonly<Record<string, unknown>>): Sheet;
  /** What a reader of the result must know. */
  notes?(result: Result, about: { params: Params; period: Period }): QueryNote[];
}

export interface Analysis<Params, Partial, Result> extends AnalysisDefinition<Params, Partial, Result> {
  /** Makes a shard's share of views, from untyped params as they come over the wire. */
  reader(params: unknown, filters: readonly Filter[]): { add(view: View): Promise<void>; partial(): Partial };
  /** The answer from the shards' shares. */
  answer(partials: readonly unknown[], params: Params): Result;
  /** The same, with untyped params and the notes to it. */
  conclude(partials: readonly unknown[], params: unknown, period: Period): { results: Result; notes: QueryNote[] };
}

export function defineAnalysis<Params, Partial, Result>(
  definition: AnalysisDefinition<Params, Partial, Result>,
): Analysis<Params, Partial, Result> {
  const answer = (partials: readonly unknown[], params: Params): Result => {
    const own = partials as readonly Partial[]; // made by `scan` of the same analysis in another object
    // The share of one shard is the whole as it is.
    const whole = own.length > 0 ? own.reduce((a, b) => definition.merge(a, b)) : definition.init(params);
    return definition.finish(whole, params);
  };
  return {
    ...definition,
    answer,
    reader(unparsed, filters) {
      const params = definition.params.parse(unparsed);
      let state = definition.init(params);
      return {
        async add(view) {
          state = await definition.step(view, state, { params, filters });
        },
        partial: () => definition.close?.(state, params) ?? state,
      };
    },
    conclude(partials, unparsed, period) {
      const params = definition.params.parse(unparsed);
      const results = answer(partials, params);
      return { results, notes: definition.notes?.(results, { params, period }) ?? [] };
    },
  };
}
