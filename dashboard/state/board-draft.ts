// A draft of a board outlives a click on another page and a reload: what was changed is there again when the board is opened in
// the same tab, together with the board that it began from, so that it merges as if nothing had happened in between.
import type { Board } from "../../workers/domain/board.ts";
import { type BoardFields, fieldsOf } from "./boards.ts";

interface KeptDraft {
  base: Board;
  draft: BoardFields;
}

const keyOf = (id: string): string => `edgewise.board ${id}`;

/** Of this tab; null where nothing is unsaved. */
export function keptDraft(id: string): KeptDraft | null {
  const text = sessionStorage.getItem(keyOf(id));
  try {
    return text === null ? null : (JSON.parse(text) as KeptDraft); // written by keepDraft alone
  } catch {
    return null;
  }
}

/** A draft in which nothing was changed is none. */
export function keepDraft({ base, draft }: KeptDraft): void {
  const changed = JSON.stringify(draft) !== JSON.stringify(fieldsOf(base));
  try {
    if (changed) sessionStorage.setItem(keyOf(base.id), JSON.stringify({ base, draft }));
    else forgetDraft(base.id);
  } catch {
    // A browser that stores nothing keeps the draft as long as the page is open.
  }
}

export function forgetDraft(id: string): void {
  sessionStorage.removeItem(keyOf(id));
}
