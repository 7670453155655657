// One board: looked at, arranged for oneself, or edited for all.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Board, Panel } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import { filterText } from "../panels/filter-text.ts";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { type BoardFields, withPanel } from "../state/boards.ts";
import { type Editing, useEditing } from "../state/editing.ts";
import { dateRange, periodAsking } from "../state/periods.ts";
import { toFilter } from "../state/questions.ts";
import { place } from "../state/router.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { ArrangeGrid } from "./arrange-grid.tsx";
import { BoardGrid } from "./board-grid.tsx";
import { BoardTools } from "./board-tools.tsx";
import { NEW_PANEL, newPlain, PanelDialog, type PanelDraft } from "./panel-dialog.tsx";
import { plainNames, plainPanels } from "./plain-panels/index.ts";

type Opened = { panel: Panel | null; draft: PanelDraft } | null;

/** The period and filters that belong to the board itself are taken from what its editor looks at. */
function OwnView({ draft, change }: { draft: BoardFields; change: Editing["change"] }) {
  const { view, calendar, change: changeView } = useViewing();
  return (
    <>
      <button
        type="button"
        class="button quiet"
        title="The board opens with the period that is chosen now"
        onClick={() => change({ period: dateRange(view.period, calendar.today) })}
      >
        Open with this period
      </button>
      {view.filters.length > 0 && (
        <button
          type="button"
          class="button quiet"
          title="Every panel then keeps to the filters that are set above"
          onClick={() => {
            change({ filters: [...draft.filters, ...view.filters.map(toFilter)] });
            changeView({ filters: [] });
          }}
        >
          Keep these filters
        </button>
      )}
      {draft.filters.length > 0 && (
        <button type="button" class="button quiet" onClick={() => change({ filters: [] })}>
          Without its filters
        </button>
      )}
    </>
  );
}

function Editor({ editing }: { editing: Editing }) {
  const { mode, change, place: putAt } = editing;
  const [opened, setOpened] = useState<Opened>(null);
  if (mode.now !== "editing") return null;
  const { panels } = mode.draft;
  const keep = (draft: PanelDraft) => {
    const known = opened?.panel;
    change({
      panels: known
        ? panels.map((panel) => (panel.id === known.id ? { ...panel, ...draft } : panel))
        : withPanel(panels, draft),
    });
  };
  return (
    <>
      <div class="options">
        <label class="choice">
          <span>Name</span>
          <input
            class="input"
            value={mode.draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        </label>
        <Choice
          label="Seen by"
          chosen={mode.draft.visibility}
          options={[
            { id: "team", label: "the team" },
            { id: "private", label: "me alone" },
          ]}
          onChoose={(visibility) => change({ visibility })}
        />
        <button type="button" class="button" onClick={() => setOpened({ panel: null, draft: NEW_PANEL })}>
          <Icon name="plus" />
          Panel
        </button>
        {plainNames.map((name) => (
          <button
            key={name}
            type="button"
            class="button"
            onClick={() => setOpened({ panel: null, draft: newPlain(name) })}
          >
            <Icon name="plus" />
            {plainPanels[name].label}
          </button>
        ))}
        <OwnView draft={mode.draft} change={change} />
      </div>
      {panels.length === 0 && (
        <section class="panel">
          <Empty title="An empty board">
            Add a panel here, or open Explore, Funnels, Paths or Retention and choose “Add to a board” in a chart's
            menu.
          </Empty>
        </section>
      )}
      <ArrangeGrid
        panels={panels}
        layout={{}}
        filters={mode.draft.filters}
        onLayout={putAt}
        onEdit={(panel) => setOpened({ panel, draft: panel })}
        onRemove={(panel) => change({ panels: panels.filter(({ id }) => id !== panel.id) })}
      />
      {opened && (
        <PanelDialog
          title={opened.panel ? "Panel" : "New panel"}
          draft={opened.draft}
          onClose={() => setOpened(null)}
          onKeep={keep}
        />
      )}
    </>
  );
}

function Content({ site, board, editing }: { site: Site; board: Board; editing: Editing }) {
  const { mode, place: putAt, edit } = editing;
  const frame = useRef<HTMLDivElement>(null);
  const { view, calendar, set, change } = useViewing();
  // Its own period and comparison, until the reader chooses others.
  useEffect(() => {
    const chosen = new URLSearchParams(place.peek().query);
    const period = board.period && periodAsking(board.period, calendar.today);
    if (period && !chosen.has("period")) change({ period }, { replace: true });
    const compare = board.compare?.mode === "year_over_year" ? "year" : "previous";
    if (board.compare && !chosen.has("compare")) change({ compare }, { replace: true });
  }, []);
  // A board that was just made has nothing to look at yet.
  useEffect(() => {
    if (!view.own.edit) return;
    edit();
    set({ edit: null }, { replace: true });
  }, []);
  const { filters } = mode.now === "editing" ? mode.draft : board;
  return (
    <div class="board-frame" ref={frame}>
      <div class="page-head">
        <div>
          <h1>{board.name}</h1>
          {board.about && <p class="faint">{board.about}</p>}
          {filters.length > 0 && <p class="faint">Only where {filters.map(filterText).join(", and ")}</p>}
        </div>
        <BoardTools
          site={site}
          board={board}
          editing={editing}
          onFull={() => void frame.current?.requestFullscreen()}
        />
      </div>
      {editing.notice && (
        <p class="banner" role="status">
          {editing.notice}
        </p>
      )}
      {mode.now === "editing" && <Editor editing={editing} />}
      {mode.now === "arranging" && (
        <ArrangeGrid panels={board.panels} layout={mode.layout} filters={board.filters} onLayout={putAt} />
      )}
      {mode.now === "looking" && <BoardGrid {...board} />}
      {mode.now === "looking" && board.panels.length === 0 && (
        <section class="panel">
          <Empty title="This board is empty">Edit it to add panels, or add a chart from Explore.</Empty>
        </section>
      )}
    </div>
  );
}

export function BoardView({ site, id }: { site: Site; id: string }) {
  const editing = useEditing(site, id);
  const { board, failure, load } = editing;
  if (failure && !board) return <Failed failure={failure} onRetry={() => void load()} />;
  if (!board) return <Skeleton lines={6} />;
  return (
    <ViewingFrame site={site}>
      <Content site={site} board={board} editing={editing} />
    </ViewingFrame>
  );
}
