// The boards of a site, and how to begin one: empty, or from a template.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { CardList } from "../panels/card-list.tsx";
import { type ListedBoard, loadBoards, loadTemplates, makeBoard, type Template } from "../state/boards.ts";
import { counted, formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { itemHref, navigate } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";

function useTemplates(): Template[] {
  const [templates, setTemplates] = useState<Template[]>([]);
  useEffect(() => {
    void loadTemplates().then((reply) => reply.ok && setTemplates(reply.value.boards));
  }, []);
  return templates;
}

function NewBoardDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const templates = useTemplates();
  const [name, setName] = useState("");
  const [template, setTemplate] = useState<Template | null>(null);
  const make = async () => {
    const reply = await makeBoard(site.id, { name, ...(template ? { template: template.name } : {}) });
    if (!reply.ok) return reply.failure;
    navigate(itemHref(site.id, "boards", reply.value.id) + (template ? "" : "?edit=1"));
    return null;
  };
  const choose = (chosen: Template | null) => {
    setTemplate(chosen);
    if (name === "" || templates.some(({ label }) => label === name)) setName(chosen?.label ?? "");
  };
  return (
    <DialogForm
      title="New board"
      action="Make board"
      wide
      onClose={onClose}
      onSubmit={make}
      fields={(errors) => (
        <>
          <fieldset class="templates" aria-label="Begin with">
            {[null, ...templates].map((one) => (
              <button
                key={one?.name ?? ""}
                type="button"
                class="template"
                aria-pressed={template?.name === one?.name}
                onClick={() => choose(one)}
              >
                <b>{one?.label ?? "Empty"}</b>
                <span class="faint">{one?.about ?? "Add panels one by one."}</span>
              </button>
            ))}
          </fieldset>
          <TextInput label="Name" required value={name} onValue={setName} error={errorAt(errors, "name")} />
        </>
      )}
    />
  );
}

function BoardCard({ site, board }: { site: Site; board: ListedBoard }) {
  const panels = counted(board.panels, "panel");
  return (
    <li>
      <a class="panel board-card" href={itemHref(site.id, "boards", board.id)}>
        <b>{board.name}</b>
        <span class="faint">{board.about}</span>
        <span class="faint board-card-foot">
          {panels} · changed {formatDate(board.updatedAt)}
          {board.visibility === "private" && " · private"}
        </span>
      </a>
    </li>
  );
}

export function BoardList({ site }: { site: Site }) {
  const list = useListed(site.id, async () => mapReply(await loadBoards(site.id), ({ boards }) => boards));
  return (
    <CardList
      title="Boards"
      list={list}
      card={(board) => <BoardCard key={board.id} site={site} board={board} />}
      making={mayIn(site.teamId, "define") ? "New board" : null}
      dialog={(onClose) => <NewBoardDialog site={site} onClose={onClose} />}
      empty={{
        title: "No boards yet",
        text: "A board holds the charts that a team looks at together. Begin with a template, or with an empty one.",
      }}
    />
  );
}
