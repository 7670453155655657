// DuckDB with a row per event and no index, which it needs none of; on all cores, as is its default.

import { closeSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import type { Reference } from "../reference/events.ts";
import type { SqlDatabase } from "./databases.ts";
import type { Row } from "./questions.ts";
import { CREATE_TABLE, eachRow } from "./row-table.ts";

/** The little of the package that is used here: it is installed for the benchmark alone, so its types may be absent. */
interface DuckDb {
  DuckDBInstance: {
    create(file: string): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        runAndReadAll(sql: string): Promise<{ getRowObjects(): Row[] }>;
        closeSync(): void;
      }>;
      closeSync(): void;
    }>;
  };
}

const PACKAGE = "@duckdb/node-api";

/** Null where the package is not installed. */
async function duckDb(): Promise<DuckDb | null> {
  try {
    return (await import(PACKAGE)) as DuckDb; // as declared above
  } catch {
    return null;
  }
}

export async function openDuckDb(file: string, reference: Reference): Promise<SqlDatabase | null> {
  const duck = await duckDb();
  if (!duck) return null;
  const instance = await duck.DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(CREATE_TABLE);
  const csv = `${file}.csv`;
  let lines: string[] = [];
  const out = openSync(csv, "w");
  eachRow(
    reference,
    (values) => void lines.push(values.join(",")),
    () => {
      writeSync(out, `${lines.join("\n")}\n`);
      lines = [];
    },
  );
  closeSync(out);
  await connection.run(`copy events from '${csv}' (format csv, header false, auto_detect false, delimiter ',')`);
  await connection.run("checkpoint");
  rmSync(csv);
  return {
    name: "DuckDB",
    bytes: statSync(file).size,
    ask: async (sql) => (await connection.runAndReadAll(sql)).getRowObjects(),
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
