// The boards of a site, and how to begin one: empty, or from a template.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { type ListedBoard, loadBoards, loadTemplates, makeBoard, type Template } from "../state/boards.ts";
import { counted, formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { itemHref, navigate } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

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
  const { items, failure, load } = useListed(site.id, async () =>
    mapReply(await loadBoards(site.id), ({ boards }) => boards),
  );
  const [making, setMaking] = useState(false);
  const may = mayIn(site.teamId, "define");
  const begin = may && (
    <button type="button" class="button primary" onClick={() => setMaking(true)}>
      <Icon name="plus" />
      New board
    </button>
  );
  return (
    <>
      <div class="page-head">
        <h1>Boards</h1>
        {items && items.length > 0 && begin}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={4} />}
      {items?.length === 0 && (
        <section class="panel">
          <Empty title="No boards yet">
            <p>A board holds the charts that a team looks at together. Begin with a template, or with an empty one.</p>
            {begin}
          </Empty>
        </section>
      )}
      {items && items.length > 0 && (
        <ul class="board-list">
          {items.map((board) => (
            <BoardCard key={board.id} site={site} board={board} />
          ))}
        </ul>
      )}
      {making && <NewBoardDialog site={site} onClose={() => setMaking(false)} />}
    </>
  );
}
