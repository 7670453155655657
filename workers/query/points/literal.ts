// Everything that a point query says in words of its caller goes through here: Analytics Engine binds no parameters.

import { POINT_BLOBS, POINT_DOUBLES, type PointBlob, type PointDouble } from "../../domain/point.ts";

/** Part of a statement, or why points cannot answer. */
export type Sql = { sql: string } | Refused;
export interface Refused {
  refused: string;
}

export function isRefused(answer: object): answer is Refused {
  return "refused" in answer;
}

/**
 * A string literal. Quotes are doubled rather than escaped, and backslashes come in pairs, so that the literal ends where it
 * should whether or not the reader takes a backslash for an escape.
 */
export function literal(text: string): string {
  return `'${text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** A whole number. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number to put into a statement`);
  return String(value);
}

/** Column of a text of the point. */
export function blob(field: PointBlob): string {
  return `blob${POINT_BLOBS.indexOf(field) + 1}`;
}

/** Column of a number of the point. */
export function double(field: PointDouble): string {
  return `double${POINT_DOUBLES.indexOf(field) + 1}`;
}

/** A table name, which cannot be quoted. */
export function table(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`${name} is not a dataset name`);
  return name;
}

/** All of them in brackets with the word between; the first refusal when there is one. */
export function joined(parts: readonly Sql[], word: "AND" | "OR"): Sql {
  const refusal = parts.find(isRefused);
  if (refusal) return refusal;
  return { sql: `(${parts.flatMap((part) => ("sql" in part ? part.sql : [])).join(` ${word} `)})` };
}
