import type { HistoryRow } from "../../domain/history.ts";
import type { PersonalStore, Subject } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { historyTextsAfter } from "../histories.ts";
import { overwriteRow } from "../overwrite-row.ts";
import { identityKey } from "../secrets.ts";
import { createNameEraser } from "../subjects/names.ts";

/** Null when it names nobody. Rows that have the same value afterwards become one. */
function unnamed(body: string, erase: (text: string) => string): string | null {
  const rows = JSON.parse(body) as HistoryRow[]; // written by writeHistory
  let named = false;
  const byValue = new Map<string, HistoryRow>();
  for (const [value, ...counts] of rows) {
    const left = erase(value);
    named ||= left !== value;
    const [, ...before] = byValue.get(left) ?? [left];
    byValue.set(left, [left, ...counts.map((count, place) => count + (before[place] ?? 0))]);
  }
  return named ? JSON.stringify([...byValue.values()]) : null;
}

async function eraseNames(env: Env, siteId: string, { names }: Subject): Promise<number> {
  if (names.length === 0) return 0;
  const erase = createNameEraser([{ names }], { identityKey: await identityKey(env), siteId });
  let changed = 0;
  let after = 0;
  for (;;) {
    const rows = await historyTextsAfter(env.DB, siteId, after);
    for (const row of rows) {
      const body = unnamed(row.body, erase);
      if (body !== null && (await overwriteRow(env.DB, "history_days", row, { body }))) changed++;
      after = row.rowid;
    }
    if (rows.length === 0) return changed;
  }
}

export const histories: PersonalStore<Env> = {
  name: "histories",
  about: "other tools' counts by day, without ids; a page's address or a source's name may name the person",
  async erase(env, site, subject) {
    return {
      store: this.name,
      removed: { rows: await eraseNames(env, site.id, subject) },
      note: "counts hold no ids and stay as they were; texts that named the person read (erased)",
    };
  },
};
