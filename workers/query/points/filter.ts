// Filters as conditions on points: the same meaning as engine/value-test.ts gives them.

import type { Filter } from "../../domain/query.ts";
import { isBehaviour, isCondition, wildcardPattern } from "../filters.ts";
import { pointText } from "./dimension.ts";
import { blob, isRefused, joined, literal, type Sql } from "./literal.ts";
import { patternSql } from "./pattern.ts";

type Condition = Extract<Filter, [unknown, string, ...unknown[]]>;

interface Column {
  sql: string;
  fold(text: string): string;
  empty: string;
}

function equals(column: Column, clauses: readonly string[]): Sql {
  const wanted = new Set(clauses.map(column.fold));
  if (wanted.has(column.fold(column.empty))) wanted.add("");
  return { sql: `${column.sql} IN (${[...wanted].map(literal).join(", ")})` };
}

function contains(column: Column, clauses: readonly string[]): Sql {
  // Where an empty text is found is said differently from engine to engine.
  if (clauses.includes("")) return { sql: "1 = 1" };
  const parts = clauses.map((clause) => ({ sql: `position(${literal(column.fold(clause))} IN ${column.sql}) > 0` }));
  return joined(parts, "OR");
}

function conditionSql([operator, name, clauses, modifiers]: Condition): Sql {
  const text = pointText(name);
  if (isRefused(text)) return text;
  if (clauses.some((clause) => clause.includes("\0"))) return { refused: `a filter on ${name} holds a zero character` };
  const exactly = modifiers?.case_sensitive ?? true;
  const column: Column = {
    sql: exactly ? blob(text.field) : `lowerUTF8(${blob(text.field)})`,
    fold: (value) => (exactly ? value : value.toLowerCase()),
    empty: text.empty,
  };
  if (operator === "is" || operator === "is_not") return equals(column, clauses);
  if (operator === "contains" || operator === "contains_not") return contains(column, clauses);
  const patterns = operator.startsWith("matches_wildcard") ? clauses.map(wildcardPattern) : clauses;
  return joined(
    patterns.map((clause) => patternSql(column.sql, clause, column.fold)),
    "OR",
  );
}

function negated(inner: Sql): Sql {
  return isRefused(inner) ? inner : { sql: `NOT (${inner.sql})` };
}

/** True of the points whose events pass. Goals must be resolved before. */
export function filterSql(filter: Filter): Sql {
  if (isCondition(filter)) return filter[0].endsWith("_not") ? negated(conditionSql(filter)) : conditionSql(filter);
  if (isBehaviour(filter)) return { refused: `${filter[0]} is about people, and points know none` };
  if (filter[0] === "not") return negated(filterSql(filter[1]));
  return joined(filter[1].map(filterSql), filter[0] === "and" ? "AND" : "OR");
}
