// Counts tries under what is tried and the address they come from. Names are kept as keyed hashes: nobody reads in the
// object's storage who tried, or from where.
import { createHmac } from "node:crypto";
import { ACCOUNT_PACE, ADDRESS_PACE, nextTry, type Pace, type Tries } from "../../workers/access/throttle.ts";
import type { Origin, Refusal } from "./protocol.ts";

const FORGET_MS = Math.max(ACCOUNT_PACE.forgetMs, ADDRESS_PACE.forgetMs);

export interface TryCounter {
  /** Counts a try; the refusal when the name or the address must wait. */
  count(name: string, origin: Pick<Origin, "address">): Refusal | null;
  /** After a try that was right. */
  forget(name: string): void;
}

export function createTryCounter(sql: SqlStorage, secret: string): TryCounter {
  // Earlier versions kept the names themselves.
  sql.exec("drop table if exists tries");
  sql.exec(
    "create table if not exists hashed_tries (name text primary key, count integer not null, at integer not null, until integer not null) without rowid",
  );
  const hashOf = (name: string) => createHmac("sha256", secret).update(name).digest("base64url");
  const triesOf = (name: string): Tries | null => {
    const query = "select count, at, until from hashed_tries where name = ?";
    return sql.exec<{ count: number; at: number; until: number }>(query, name).toArray()[0] ?? null;
  };
  return {
    count(name, { address }) {
      const now = Date.now();
      const counted: [string, Pace][] = [[hashOf(name), ACCOUNT_PACE]];
      if (address) counted.push([hashOf(`address ${address}`), ADDRESS_PACE]);
      const next = counted.map(([key, pace]) => ({ key, outcome: nextTry(triesOf(key), pace, now) }));
      const waits = next.flatMap(({ outcome }) => ("waitMs" in outcome ? outcome.waitMs : []));
      if (waits.length > 0) return { ok: false, reason: "throttled", waitMs: Math.max(...waits) };
      sql.exec("delete from hashed_tries where at < ?", now - FORGET_MS);
      for (const { key, outcome } of next) {
        if (!("tries" in outcome)) continue;
        const { count, at, until } = outcome.tries;
        sql.exec(
          "insert or replace into hashed_tries (name, count, at, until) values (?, ?, ?, ?)",
          key,
          count,
          at,
          until,
        );
      }
      return null;
    },
    forget(name) {
      sql.exec("delete from hashed_tries where name = ?", hashOf(name));
    },
  };
}
