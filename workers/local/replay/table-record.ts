/** One line of a table: column → value. CSV values are text, JSON ones keep their type. */
export type TableRecord = Record<string, unknown>;

/** A value as text; absent, `\N`, `NULL` and blank ones are "". Lists and objects are "" too: they can only be properties. */
export function textOf(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return "";
  const text = value.trim();
  return text === "\\N" || text === "NULL" ? "" : text;
}

export function isRecord(value: unknown): value is TableRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
