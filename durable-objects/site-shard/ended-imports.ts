// Imports that take no more lines, so that one still on its way is refused and waking does not bring the lines of a
// finished import back to mind. Remembered until the log has long sealed them.
import { readFact, writeFact } from "./tables.ts";

const KEPT_MS = 6 * 3600_000;

interface Ended {
  id: string;
  /** When it was opened. An undone import may be opened again, later. */
  began: number;
  how: "finished" | "undone";
  at: number;
}

export interface EndedImports {
  /** Whether the import of that id which was opened then has ended. */
  includes(id: string, began: number): boolean;
  isFinished(id: string): boolean;
  add(ended: Ended): void;
  expire(now: number): void;
}

export function createEndedImports(sql: SqlStorage): EndedImports {
  let all = readFact<Ended[]>(sql, "endedImports") ?? [];
  const keep = (next: Ended[]) => {
    all = next;
    writeFact(sql, "endedImports", next);
  };
  return {
    includes: (id, began) => all.some((one) => one.id === id && one.began >= began),
    isFinished: (id) => all.some((one) => one.id === id && one.how === "finished"),
    add: (ended) => keep([...all.filter((one) => one.id !== ended.id), ended]),
    expire(now) {
      const recent = all.filter((one) => one.at > now - KEPT_MS);
      if (recent.length < all.length) keep(recent);
    },
  };
}
