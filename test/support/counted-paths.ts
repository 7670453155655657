// How often each path was counted, by two witnesses: the query API, and the `events` view in D1's own file.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { amountOf } from "../../workers/domain/money.ts";
import type { TestApi } from "./api.ts";

const PAGE = 10_000;

/** Events by path, as the dashboard would be told. */
export async function pathsByQuery(api: TestApi, siteId: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let offset = 0; ; offset += PAGE) {
    const { results } = await api.query(
      {
        metrics: ["events"],
        dimensions: ["event:page"],
        date_range: "all",
        order_by: [["event:page", "asc"]],
        pagination: { limit: PAGE, offset },
      },
      siteId,
    );
    for (const { dimensions, metrics } of results) counts.set(dimensions[0] ?? "", amountOf(metrics[0]) ?? 0);
    if (results.length < PAGE) return counts;
  }
}

/** Events by path in D1, read from the state folder of a server that was flushed and stopped. */
export function pathsInD1(dataDir: string, siteId: string): Map<string, number> {
  const db = openD1(dataDir);
  try {
    const rows = db.prepare("select path, count(*) as n from events where site_id = ? group by path").all(siteId);
    return new Map(rows.map(({ path, n }) => [String(path), Number(n)]));
  } finally {
    db.close();
  }
}

/** D1's database, found by the table that only it has. */
export function openD1(dataDir: string): DatabaseSync {
  for (const file of readdirSync(dataDir, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".sqlite")) continue;
    const db = new DatabaseSync(join(dataDir, file));
    if (db.prepare("select 1 from sqlite_master where name = 'raw_events'").get()) return db;
    db.close();
  }
  throw new Error(`no D1 database below ${dataDir}`);
}

/** What differs from "each once": missing, counted more than once, and never sent. */
export function miscounts(expected: ReadonlySet<string>, counted: ReadonlyMap<string, number>): string[] {
  const missing = [...expected].filter((path) => !counted.has(path)).map((path) => `${path}: lost`);
  const wrong = [...counted]
    .filter(([path, n]) => n !== 1 || !expected.has(path))
    .map(([path, n]) => `${path}: counted ${n} times${expected.has(path) ? "" : ", never acknowledged"}`);
  return [...missing, ...wrong];
}
