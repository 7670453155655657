// What roll-ups of late said when they were right, so that they are compared with the events again only where D1 says
// anything else now.
import type { RolledGrain } from "../../workers/domain/rollup.ts";
import { readFact, writeFact } from "./tables.ts";

export interface CheckedRolls {
  isRight(grain: RolledGrain, start: number, digest: string): boolean;
  /** Forgets all others. */
  keep(right: readonly { grain: RolledGrain; start: number; digest: string }[]): void;
}

const FACT = "rollsRight";

const DIGEST_WORDS = 3;

const keyOf = (grain: RolledGrain, start: number): string => `${grain} ${start}`;

export async function digestOf(texts: readonly (readonly string[])[]): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(texts)));
  return new Uint32Array(hash, 0, DIGEST_WORDS).join(".");
}

export function createCheckedRolls(sql: SqlStorage): CheckedRolls {
  return {
    isRight: (grain, start, digest) => readFact<Record<string, string>>(sql, FACT)?.[keyOf(grain, start)] === digest,
    keep: (right) =>
      writeFact(sql, FACT, Object.fromEntries(right.map(({ grain, start, digest }) => [keyOf(grain, start), digest]))),
  };
}
