// A database that the first migration made, and every one after it: what was in it is still there.
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { root } from "../../repo/source.ts";

const files = readdirSync(`${root}migrations`)
  .filter((name) => name.endsWith(".sql"))
  .sort();

function apply(db: DatabaseSync, file: string): void {
  for (const statement of readFileSync(`${root}migrations/${file}`, "utf8").split("--> statement-breakpoint")) {
    if (statement.trim() !== "") db.exec(statement);
  }
}

/** As the first version wrote them. */
const FIRST_ROWS: Record<string, Record<string, string | number>> = {
  api_keys: { hash: "h", id: "k", site_id: "s", label: "Reads", scopes: '["query"]', created_at: 1 },
  drops: { site_id: "s", shard: 0, hour: 3600000, reason: "bot", count: 7 },
  goals: { id: "g", site_id: "s", name: "Signup", kind: "event", match: "signup", created_at: 1 },
  imports: { site_id: "s", id: "i", label: "log", visitors: "given", bots: "keep", state: "finished", created_at: 1 },
  raw_events: {
    site_id: "s",
    epoch: 1,
    shard: 0,
    seq: 1,
    import_id: "",
    received_at: 5,
    count: 1,
    body: '[["e1","pageview",4]]',
  },
  rollups: {
    site_id: "s",
    epoch: 1,
    shard: 0,
    grain: "hour",
    bucket: 0,
    panel: "totals",
    version: 9,
    time_zone: "UTC",
    body: "{}",
  },
  secret_claims: { name: "day:2026-11-20", claimant: "c", claimed_until: 2 },
  sites: {
    id: "s",
    name: "S",
    time_zone: "UTC",
    hostnames: "[]",
    jurisdiction: "eu",
    shards: 1,
    honour_do_not_track: 1,
    created_at: 1,
  },
};

it("every row of the first version passes through all migrations with what it said", () => {
  const db = new DatabaseSync(":memory:");
  apply(db, files[0]!);
  for (const [table, row] of Object.entries(FIRST_ROWS)) {
    const names = Object.keys(row);
    db.prepare(`insert into ${table} (${names}) values (${names.map(() => "?")})`).run(...Object.values(row));
  }
  const tables = db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all();
  expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(FIRST_ROWS).sort());
  for (const file of files.slice(1)) apply(db, file);
  for (const [table, row] of Object.entries(FIRST_ROWS)) {
    expect(db.prepare(`select * from ${table}`).all()).toEqual([expect.objectContaining(row)]);
  }
  expect(db.prepare("select name, at from events").all()).toEqual([{ name: "pageview", at: 4 }]);
});
