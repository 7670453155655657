// The reference data as a row per event, as a database holds them: what SQLite and DuckDB are filled with.

import type { Reference } from "../reference/events.ts";
import { NAMES, SOURCES, VALUES } from "../reference/values.ts";

/** Visits are numbered when the rows are made, as an analytics product on rows does it at ingest. */
export const COLUMNS = {
  ts: "bigint",
  visitor: "bigint",
  visit: "integer",
  name: "text",
  path: "text",
  source: "text",
  country: "text",
  browser: "text",
  os: "text",
  device: "text",
  value: "integer",
} as const;

export const CREATE_TABLE = `create table events (${Object.entries(COLUMNS)
  .map(([name, type]) => `${name} ${type}`)
  .join(", ")})`;

const GROUPS_A_CHUNK = 630;

export type Values = (string | number | null)[];

/** Calls `row` for each event, and `chunk` after every 200,000 or so. */
export function eachRow(reference: Reference, row: (values: Values) => void, chunk: () => void): void {
  for (let first = 0; first < reference.groups; first += GROUPS_A_CHUNK) {
    const rows = reference.rows(first, Math.min(first + GROUPS_A_CHUNK, reference.groups));
    let visit = -1;
    let key = 0;
    let own: Values = [];
    for (let i = 0; i < rows.length; i++) {
      if (rows.visit[i] !== visit) {
        visit = rows.visit[i]!;
        key = reference.visitorKey(rows.visitor[i]!);
        const { referrer, country, browser, os, device } = reference.traits(rows.visitor[i]!);
        own = [
          SOURCES[referrer]!.source,
          VALUES.country.list[country]!,
          VALUES.browser.list[browser]!,
          VALUES.os.list[os]!,
          VALUES.device.list[device]!,
        ];
      }
      const path = VALUES.path.list[rows.path[i]!]!;
      row([rows.at[i]!, key, visit, NAMES[rows.name[i]!]!, path, ...own, rows.value[i] || null]);
    }
    chunk();
  }
}
