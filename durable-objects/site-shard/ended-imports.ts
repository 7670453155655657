// Imports that take no more lines, so that one still on its way is refused and waking does not bring the lines of a
// finished import back to mind. Remembered until the log has long sealed them.
import type { EndedImport } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";

const KEPT_MS = 6 * 3600_000;

export interface EndedImports {
  all(): EndedImport[];
  /** Whether the import of that id which was opened then has ended. */
  includes(id: string, began: number): boolean;
  isFinished(id: string): boolean;
  add(ended: EndedImport): void;
  expire(now: number): void;
}

export function createEndedImports(sql: SqlStorage): EndedImports {
  let all = readFact<EndedImport[]>(sql, "endedImports") ?? [];
  const keep = (next: EndedImport[]) => {
    all = next;
    writeFact(sql, "endedImports", next);
  };
  return {
    all: () => all,
    includes: (id, began) => all.some((one) => one.id === id && one.began >= began),
    isFinished: (id) => all.some((one) => one.id === id && one.how === "finished"),
    add: (ended) => keep([...all.filter((one) => one.id !== ended.id), ended]),
    expire(now) {
      const recent = all.filter((one) => one.at > now - KEPT_MS);
      if (recent.length < all.length) keep(recent);
    },
  };
}
