// What can be done with a board: refreshed by itself, arranged, edited, shared, copied, removed.
import { useState } from "preact/hooks";
import type { Board } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import { ShareDialog } from "../panels/share-dialog.tsx";
import { copyBoard, removeBoard } from "../state/boards.ts";
import type { Editing } from "../state/editing.ts";
import { itemHref, navigate, siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icon.tsx";
import { type MoreEntry, MoreMenu } from "../ui/more-menu.tsx";

/** Seconds; the frame of the page keeps to them. */
const REFRESHES = [
  { id: "60", label: "every minute" },
  { id: "10", label: "every 10 s" },
  { id: "300", label: "every 5 min" },
  { id: "0", label: "by hand" },
] as const;

function Refresh() {
  const { view, set } = useViewing();
  const chosen = REFRESHES.find(({ id }) => id === view.own.refresh)?.id ?? "60";
  return (
    <Choice
      label="Refresh"
      chosen={chosen}
      options={REFRESHES}
      onChoose={(id) => set({ refresh: id === "60" ? null : id }, { replace: true })}
    />
  );
}

interface ToolsProps {
  site: Site;
  board: Board;
  editing: Editing;
  onFull: () => void;
}

function More({ site, board, editing, onFull }: ToolsProps) {
  const [sharing, setSharing] = useState(false);
  const may = mayIn(site.teamId, "define");
  const copy = async () => {
    const reply = await copyBoard(site.id, board.id);
    if (reply.ok) navigate(itemHref(site.id, "boards", reply.value.id));
  };
  const remove = async () => {
    if (!confirm(`Remove the board “${board.name}” for everybody?`)) return;
    const reply = await removeBoard(site.id, board.id);
    if (reply.ok) navigate(siteHref(site.id, "boards"));
  };
  const entries: MoreEntry[] = [
    ["Full screen", true, onFull],
    ["Arrange for me", true, editing.arrange],
    ["Share by a link…", mayIn(site.teamId, "shares"), () => setSharing(true)],
    ["Duplicate", may, () => void copy()],
    ["Remove", may, () => void remove()],
  ];
  return (
    <>
      <MoreMenu title="More of this board" entries={entries} />
      {sharing && (
        <ShareDialog
          siteId={site.id}
          what="board"
          name={board.name}
          shows={{ boardId: board.id }}
          about={`Whoever has the link sees this board, read-only, without an account. To draw it they may ask for any number of ${site.name}, so share it with those who may know them all.`}
          onClose={() => setSharing(false)}
        />
      )}
    </>
  );
}

export function BoardTools({ site, board, editing, onFull }: ToolsProps) {
  const { mode, edit, save, discard } = editing;
  if (mode.now !== "looking") {
    return (
      <div class="actions">
        <button type="button" class="button" onClick={discard}>
          Discard
        </button>
        <button type="button" class="button primary" onClick={() => void save()}>
          {mode.now === "editing" ? "Save board" : "Keep my layout"}
        </button>
      </div>
    );
  }
  return (
    <div class="actions">
      <Refresh />
      {mayIn(site.teamId, "define") && (
        <button type="button" class="button" onClick={edit}>
          <Icon name="edit" />
          Edit
        </button>
      )}
      <More site={site} board={board} editing={editing} onFull={onFull} />
    </div>
  );
}
