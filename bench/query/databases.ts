// What stands beside the product: databases filled with the same events and asked the same by SQL.

import type { BenchQuestion, Row } from "./questions.ts";

export interface SqlDatabase {
  name: string;
  /** Size of its file. */
  bytes: number;
  ask(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

export interface Timed {
  ms: number;
  rows: Row[];
}

/** An untimed run would warm it up; above this it costs more than it tells. */
const WARM_UP_BELOW_MS = 3_000;

export async function timedAsk(
  db: SqlDatabase,
  { sql }: BenchQuestion,
  period: { from: number; to: number },
): Promise<Timed> {
  const own = sql
    .replaceAll("e.PERIOD", `e.ts >= ${period.from} and e.ts < ${period.to}`)
    .replaceAll("PERIOD", `ts >= ${period.from} and ts < ${period.to}`);
  const once = async () => {
    const start = performance.now();
    const rows = await db.ask(own);
    return { ms: performance.now() - start, rows };
  };
  const first = await once();
  return first.ms < WARM_UP_BELOW_MS ? once() : first;
}

/** Throws where the answers differ: figures of different answers would be worth nothing. */
export function expectSame(question: BenchQuestion, database: string, ours: string[], rows: Row[]): void {
  const theirs = question.theirs(rows);
  const known = new Set(theirs);
  const wrong = ours.filter((text) => !known.has(text));
  if (wrong.length === 0 && ours.length > 0 && (question.part || ours.length === theirs.length)) return;
  const about = `${question.name}: ${database} has ${theirs.length} lines, we have ${ours.length}, ${wrong.length} of them alone`;
  throw new Error(`${about}\nours: ${wrong.slice(0, 5).join("\n")}\ntheirs: ${theirs.slice(0, 5).join("\n")}`);
}
