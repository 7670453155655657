// ClickHouse inside a process, by the npm package chdb. At half a gigabyte it stays out of the install; what needs it skips
// where it is absent: `describe.skipIf(!hasClickHouse)`.

import { createRequire } from "node:module";

export const CHDB = "chdb@3.4.0";

const load = createRequire(import.meta.url);

function isInstalled(): boolean {
  try {
    load.resolve("chdb");
    return true;
  } catch {
    return false;
  }
}

export const hasClickHouse: boolean = isInstalled();

export interface Session {
  /** The answer in the format that the statement names. Throws what ClickHouse says is wrong. */
  query(sql: string): string;
  cleanup(): void;
}

/** A database of its own, gone after `cleanup`. */
export function openSession(): Session {
  if (!hasClickHouse) throw new Error(`no ClickHouse here: npm install --no-save ${CHDB}`);
  const chdb = load("chdb") as { Session: new () => Session }; // its declarations are not there where it is absent
  return new chdb.Session();
}
