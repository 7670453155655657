// D1 as it is, with its statements timed by what they do to which table, and the rows that it reports counted.
import type { MeasureName } from "../../domain/measures.ts";
import { countUse } from "./gather.ts";
import { timed } from "./timed.ts";

const names = new Map<string, MeasureName>();
const MOST_NAMES = 500;

/** `d1 select rollups`: the verb and the first table, of our own statements. */
export function statementName(sql: string): MeasureName {
  const known = names.get(sql);
  if (known) return known;
  const verb = /^\W*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? "ask";
  const table = /\b(?:from|into|update)\s+["`]?(\w+)/i.exec(sql)?.[1]?.toLowerCase() ?? "";
  const name: MeasureName = `d1 ${verb} ${table}`.trimEnd() as MeasureName; // begins with a kind
  if (names.size >= MOST_NAMES) names.clear();
  names.set(sql, name);
  return name;
}

interface Told {
  meta?: { rows_read?: number; rows_written?: number };
}

function countRows(reply: unknown): void {
  // What `first` and `raw` bring has no account; that of `all`, `run` and `batch` is D1's own.
  for (const one of [reply].flat() as (Told | null)[]) {
    countUse("d1RowsRead", one?.meta?.rows_read ?? 0);
    countUse("d1RowsWritten", one?.meta?.rows_written ?? 0);
  }
}

const ASKS: ReadonlySet<string | symbol> = new Set(["all", "run", "first", "raw"]);
const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

type Method = (...args: unknown[]) => Promise<unknown>;

function meteredStatement(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
  const metered = new Proxy(statement, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "bind") return (...values: unknown[]) => meteredStatement(target.bind(...values), sql);
      if (!ASKS.has(name)) return value.bind(target);
      return async (...args: unknown[]) => {
        const reply = await timed(statementName(sql), () => (value as Method).apply(target, args)); // one of ASKS
        if (name === "all" || name === "run") countRows(reply);
        else if (Array.isArray(reply)) countUse("d1RowsRead", reply.length);
        return reply;
      };
    },
  });
  originals.set(metered, statement);
  return metered;
}

export function meteredDatabase(db: D1Database): D1Database {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "prepare") return (sql: string) => meteredStatement(target.prepare(sql), sql);
      if (name !== "batch") return value.bind(target);
      return async (statements: D1PreparedStatement[]) => {
        const own = statements.map((one) => originals.get(one) ?? one);
        const reply = await timed("d1 batch", () => target.batch(own));
        countRows(reply);
        return reply;
      };
    },
  });
}

const metered = new WeakMap<object, object>();

/** The bindings with D1 metered; the same for the same. */
export function meteredEnv<E extends { DB: D1Database }>(env: E): E {
  const known = metered.get(env);
  if (known) return known as E; // made below, of this env
  const made = env.DB ? { ...env, DB: meteredDatabase(env.DB) } : env;
  metered.set(env, made);
  return made;
}
