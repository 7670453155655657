// Whether any row of some batches can pass: told by dictionaries, before rows are put together.

import { dimensionOf } from "../catalog/dimensions/index.ts";
import type { Filter } from "../domain/query.ts";
import { type SortedBatch, TEXT_COLUMNS, type TextColumnName } from "./columns.ts";
import { asCondition, type Condition } from "./filter.ts";
import { valueTest } from "./value-test.ts";

function columnOf(name: string): TextColumnName | null {
  const { read, called } = dimensionOf(name) ?? {};
  if (called) return null;
  const field = read && "field" in read ? read.field : null;
  return TEXT_COLUMNS.find((column) => column === field) ?? null;
}

/** Every value of such a dimension is that of some row, but for "", which a session without page views has as its page. */
function mayPassCondition(batches: readonly SortedBatch[], [operator, name, clauses, modifiers]: Condition): boolean {
  const column = columnOf(name);
  if (!column) return true;
  const empty = dimensionOf(name)?.empty ?? "";
  const test = valueTest({ operator, clauses, caseSensitive: modifiers?.case_sensitive ?? true, empty });
  return test("") || batches.some((batch) => batch.text(column).dict.some(test));
}

/** False only when no row passes all filters. */
export function mayPass(batches: readonly SortedBatch[], filters: readonly Filter[]): boolean {
  return filters.every((filter) => {
    const condition = asCondition(filter);
    if (condition) return mayPassCondition(batches, condition);
    return filter[0] === "and" ? mayPass(batches, filter[1]) : true;
  });
}
