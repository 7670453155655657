// What an analysis is. Its partial is plain JSON; merging partials of disjoint visitors, in any order and grouping, and
// finishing gives the same as one partial of all of them.

import type * as z from "zod";
import type { Filter } from "../domain/query.ts";
import type { View } from "../engine/view.ts";

/** How a result is laid out, and so how it can be shown. */
export type Shape = "totals" | "timeseries" | "table";

export interface AnalysisDefinition<Params, Partial, Result> {
  name: string;
  params: z.ZodType<Params>;
  /** Event columns and dimensions that it reads, for sources that must be told beforehand. */
  columns(params: Params): string[];
  /** The partial of no visitors. */
  init(params: Params): Partial;
  /** `state` and the view's visitors together; a view holds all rows of each of its visitors. */
  step(view: View, state: Partial, options: { params: Params; filters: readonly Filter[] }): Promise<Partial>;
  merge(a: Partial, b: Partial): Partial;
  finish(partial: Partial, params: Params): Result;
  shape: Shape;
}

export interface Analysis<Params, Partial, Result> extends AnalysisDefinition<Params, Partial, Result> {
  /** A shard's share, from untyped params as they come over the wire. */
  scan(view: View, params: unknown, filters: readonly Filter[]): Promise<Partial>;
  /** The answer from the shards' shares. */
  answer(partials: readonly unknown[], params: Params): Result;
}

export function defineAnalysis<Params, Partial, Result>(
  definition: AnalysisDefinition<Params, Partial, Result>,
): Analysis<Params, Partial, Result> {
  return {
    ...definition,
    scan(view, unparsed, filters) {
      const params = definition.params.parse(unparsed);
      return definition.step(view, definition.init(params), { params, filters });
    },
    answer(partials, params) {
      const own = partials as readonly Partial[]; // made by `scan` of the same analysis in another object
      return definition.finish(own.reduce(definition.merge, definition.init(params)), params);
    },
  };
}
