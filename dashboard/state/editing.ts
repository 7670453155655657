// A board being looked at, arranged or edited. Edits are a draft until they are saved; saving merges with what others saved.
import { useEffect, useState } from "preact/hooks";
import type { Board, Layout } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "./api.ts";
import { forgetDraft, keepDraft, keptDraft } from "./board-draft.ts";
import { mergeBoards } from "./board-merge.ts";
import { type BoardFields, fieldsOf, keepLayout, loadBoard, saveBoard } from "./boards.ts";

type Mode = { now: "looking" } | { now: "arranging"; layout: Layout } | { now: "editing"; draft: BoardFields };

export interface Editing {
  board: Board | null;
  failure: Failure | null;
  /** What went otherwise than expected, in words. */
  notice: string | null;
  mode: Mode;
  arrange: () => void;
  edit: () => void;
  change: (part: Partial<BoardFields>) => void;
  place: (layout: Layout) => void;
  save: () => Promise<void>;
  discard: () => void;
  load: () => Promise<void>;
}

/** The panels where the layout puts them. */
const placed = ({ panels }: BoardFields, layout: Layout): BoardFields["panels"] =>
  panels.map((panel) => ({ ...panel, grid: layout[panel.id] ?? panel.grid }));

export function useEditing(site: Site, id: string): Editing {
  const [board, setBoard] = useState<Board | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const [mode, setMode] = useState<Mode>({ now: "looking" });
  const load = async () => {
    const reply = await loadBoard(site.id, id);
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setBoard(reply.value);
  };
  const open = async () => {
    const kept = keptDraft(id);
    if (!kept) return load();
    setBoard(kept.base);
    setMode({ now: "editing", draft: kept.draft });
    setNotice("These are your changes from before. They are not saved yet.");
  };
  useEffect(() => void open(), [site.id, id]);
  useEffect(() => {
    if (!board) return;
    if (mode.now === "editing") keepDraft({ base: board, draft: mode.draft });
    else forgetDraft(id);
  }, [board, mode]);
  const saveLayout = async (layout: Layout) => {
    const reply = await keepLayout(site.id, id, layout);
    if (!reply.ok) return setNotice(reply.failure.detail);
    setMode({ now: "looking" });
    await load();
  };
  const saveDraft = async (base: Board, mine: BoardFields) => {
    // Who leaves while it is being saved shall not find it again as unsaved.
    forgetDraft(id);
    const saved = await saveBoard({ siteId: site.id, base, mine, merge: mergeBoards });
    if (!saved.ok) {
      keepDraft({ base, draft: mine });
      return setNotice(saved.failure.errors[0]?.message ?? saved.failure.detail);
    }
    setBoard(saved.board);
    setMode({ now: "looking" });
    setNotice(saved.merged ? "Somebody else changed this board meanwhile. Both changes are kept." : null);
  };
  return {
    board,
    failure,
    notice,
    mode,
    load,
    arrange: () => board && setMode({ now: "arranging", layout: board.layout }),
    edit: () => board && setMode({ now: "editing", draft: fieldsOf(board) }),
    change: (part) =>
      setMode((before) => (before.now === "editing" ? { ...before, draft: { ...before.draft, ...part } } : before)),
    place: (layout) =>
      setMode((before) => {
        if (before.now === "arranging") return { ...before, layout };
        if (before.now === "editing")
          return { ...before, draft: { ...before.draft, panels: placed(before.draft, layout) } };
        return before;
      }),
    save: async () => {
      if (mode.now === "arranging") await saveLayout(mode.layout);
      if (mode.now === "editing" && board) await saveDraft(board, mode.draft);
    },
    discard: () => {
      setMode({ now: "looking" });
      setNotice(null);
      void load();
    },
  };
}
