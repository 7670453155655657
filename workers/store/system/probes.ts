// What is looked at to say whether the system is well. A probe is an entry of PROBES; it answers null, or what is wrong and
// what to do about it. A part that is optional and not bound is well.
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { BACKLOG, HOUR_MS } from "../../domain/measures.ts";
import { quantileOf } from "../../domain/tally.ts";
import type { Env } from "../../env.ts";
import { lastCanary } from "../canary.ts";
import * as schema from "../schema/index.ts";
import { listRuns } from "./job-runs.ts";
import { readDetail } from "./measure-rows.ts";

export interface Probe {
  readonly name: string;
  readonly label: string;
  /** Without it nothing can be served. */
  readonly needed: boolean;
  look(env: Env, now: number): Promise<string | null>;
}

const NEEDED_BINDINGS = ["DB", "SECRETS", "SITE_SHARD", "LIVE_SITE", "SIGN_IN", "AUDIT_TRAIL"] as const;

/** Cron rings every five minutes and every hour; twice missed is too long. */
const CRON_LATE_MS: Readonly<Record<string, number>> = {
  "* * * * *": 16 * 60_000,
  "*/5 * * * *": 16 * 60_000,
  "7 * * * *": 2.25 * HOUR_MS,
};
/** Events that wait in one shard for their copy in D1. */
const BACKLOG_LIMIT = 50_000;
const DISK_LEFT = 0.05;

const minutes = (ms: number): string =>
  ms < 2 * HOUR_MS ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / HOUR_MS)} hours`;

async function missingParts(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare("select name, sql from sqlite_master where type = 'table'")
    .all<{ name: string; sql: string }>();
  const made = new Map(results.map(({ name, sql }) => [name, sql]));
  return Object.values(schema).flatMap((table) => {
    if (!is(table, SQLiteTable)) return [];
    const name = getTableName(table);
    const sql = made.get(name);
    if (sql === undefined) return [name];
    const columns = Object.values(getTableColumns(table)).map((column) => column.name);
    return columns.filter((column) => !new RegExp(`\\b${column}\\b`).test(sql)).map((column) => `${name}.${column}`);
  });
}

async function cronIsLate(env: Env, now: number): Promise<string | null> {
  const runs = await listRuns(env.DB);
  if (runs.length === 0)
    return "cron has not run yet; it does within five minutes of a start, if the Worker has its crons";
  for (const [cron, late] of Object.entries(CRON_LATE_MS)) {
    const last = Math.max(0, ...runs.filter((run) => run.cron === cron).map(({ startedAt }) => startedAt));
    if (last > 0 && now - last > late) {
      return `cron ${cron} last ran ${minutes(now - last)} ago; see that [triggers] of wrangler.toml is deployed`;
    }
  }
  const failing = runs.filter(({ problem }) => problem !== null).map(({ name }) => name);
  return failing.length === 0 ? null : `the last run of ${failing.join(", ")} failed; it is tried again each time`;
}

/** In order. */
export const PROBES: readonly Probe[] = [
  {
    name: "bindings",
    label: "Bindings",
    needed: true,
    async look(env) {
      const missing = NEEDED_BINDINGS.filter((name) => env[name] === undefined);
      if (missing.length === 0) return null;
      return `the Worker lacks its binding ${missing.join(", ")}; deploy it with the wrangler.toml of this version`;
    },
  },
  {
    name: "d1",
    label: "D1, the database",
    needed: true,
    async look(env) {
      await env.DB.prepare("select 1 from sites limit 1").all();
      return null;
    },
  },
  {
    name: "kv",
    label: "KV, the secrets",
    needed: true,
    async look(env) {
      await env.SECRETS.get("identity");
      return null;
    },
  },
  {
    name: "migrations",
    label: "Migrations",
    needed: true,
    async look(env) {
      const missing = await missingParts(env.DB);
      if (missing.length === 0) return null;
      const named = missing.slice(0, 5).join(", ");
      return `the database lacks ${named}${missing.length > 5 ? " and more" : ""}; apply the migrations`;
    },
  },
  { name: "cron", label: "Cron", needed: false, look: (env, now) => cronIsLate(env, now) },
  {
    name: "canary",
    label: "The synthetic visit",
    needed: false,
    async look(env) {
      const last = await lastCanary(env.DB);
      return last?.lastProblem ? `at ${new Date(last.lastAt).toISOString()} ${last.lastProblem}` : null;
    },
  },
  {
    name: "backlog",
    label: "Copies to D1",
    needed: false,
    async look(env, now) {
      const { tallies } = await readDetail(env.DB, now - 15 * 60_000);
      const depth = tallies[BACKLOG] ? (quantileOf(tallies[BACKLOG], 1) ?? 0) : 0;
      if (depth < BACKLOG_LIMIT) return null;
      return `up to ${Math.round(depth)} events of one shard wait for their copy in D1; none is lost, see whether D1 is slow`;
    },
  },
  {
    name: "lake",
    label: "R2, the archive",
    needed: false,
    async look(env) {
      await env.LAKE?.head("edgewise-health");
      return null;
    },
  },
  {
    name: "disk",
    label: "Disk",
    needed: false,
    async look(env) {
      if (!env.HOST) return null;
      const { free, size } = await (await env.HOST.fetch("http://host/disk")).json<{ free: number; size: number }>();
      if (size === 0 || free / size > DISK_LEFT) return null;
      return `${((free / size) * 100).toFixed(1)} % of the disk is free; make room, or events will be refused`;
    },
  },
];

export interface Look {
  name: string;
  label: string;
  needed: boolean;
  /** Null when it is well. */
  reason: string | null;
}

export type HealthStatus = "ok" | "degraded" | "not ready";

export interface Health {
  status: HealthStatus;
  looks: Look[];
}

async function lookAt({ name, label, needed, look }: Probe, env: Env, now: number): Promise<Look> {
  try {
    return { name, label, needed, reason: await look(env, now) };
  } catch (error) {
    console.error(`probe ${name}`, error);
    return { name, label, needed, reason: `${label} does not answer` };
  }
}

/** Looks at everything at once. */
export async function healthOf(env: Env, now: number, probes = PROBES): Promise<Health> {
  const looks = await Promise.all(probes.map((probe) => lookAt(probe, env, now)));
  const wrong = looks.filter(({ reason }) => reason !== null);
  const status = wrong.some(({ needed }) => needed) ? "not ready" : wrong.length > 0 ? "degraded" : "ok";
  return { status, looks };
}
