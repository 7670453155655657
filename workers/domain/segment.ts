// Filters that are kept under a name, and stand in a question as `["is", "segment", [1]]`.

import * as z from "zod";
import type { FieldError } from "./errors.ts";
import { type Filter, filterSchema } from "./query.ts";

export const segmentSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  filters: z.array(filterSchema).min(1).max(20),
});

export type NewSegment = z.infer<typeof segmentSchema>;

export interface Segment extends NewSegment {
  /** Counted on, over all sites. */
  id: number;
}

/** As it is kept: `version` counts its changes. */
export type KeptSegment = Segment & { version: number };

const SEGMENT = "segment";

export function namesSegment(filter: Filter): boolean {
  if (filter[1] === SEGMENT) return true;
  if (typeof filter[1] === "string") return false;
  return filter[0] === "and" || filter[0] === "or"
    ? filter[1].some((part) => namesSegment(part))
    : namesSegment(filter[1] as Filter); // the one filter of not and has_done
}

interface Expanding {
  segments: readonly Segment[];
  errors: FieldError[];
}

function meant(
  [operator, , clauses]: [string, string, string[]],
  path: string,
  { segments, errors }: Expanding,
): Filter {
  if (operator !== "is" && operator !== "is_not") {
    errors.push({ path: `${path}.0`, message: "use is or is_not with segment" });
  }
  const filters = clauses.flatMap((clause, index): Filter[] => {
    const segment = segments.find(({ id }) => String(id) === clause);
    if (segment) return [["and", segment.filters]];
    const known = segments.map(({ id, name }) => `${id} (${name})`).join(", ");
    const message = `no segment ${clause}; ${known ? `there are ${known}` : "the site has none yet"}`;
    errors.push({ path: `${path}.2.${index}`, message });
    return [];
  });
  return operator === "is_not" ? ["not", ["or", filters]] : ["or", filters];
}

function expand(filter: Filter, path: string, expanding: Expanding): Filter {
  if (!namesSegment(filter)) return filter;
  if (filter[1] === SEGMENT) return meant(filter as [string, string, string[]], path, expanding); // a condition
  if (filter[0] === "and" || filter[0] === "or") {
    return [filter[0], filter[1].map((part, index) => expand(part, `${path}.1.${index}`, expanding))];
  }
  const inner = filter[1] as Filter; // that of not and has_done
  return [filter[0], expand(inner, `${path}.1`, expanding), ...filter.slice(2)] as Filter; // one filter for another
}

/** The filters with what segments stand for in their place; `errors` name those that are not there. */
export function withSegments(
  filters: readonly Filter[],
  segments: readonly Segment[],
): { filters: Filter[]; errors: FieldError[] } {
  const expanding: Expanding = { segments, errors: [] };
  return {
    filters: filters.map((filter, index) => expand(filter, `filters.${index}`, expanding)),
    errors: expanding.errors,
  };
}
