// The panels of a board, to be dragged by their handle and resized by their corner, or moved by the arrow keys.
import { useEffect, useRef } from "preact/hooks";
import type { Board, Grid, Layout, Panel } from "../../workers/domain/board.ts";
import { GRID_COLUMNS } from "../../workers/domain/chart.ts";
import { Icon } from "../ui/icon.tsx";
import { cellClass, PanelBody, placeOf } from "./board-grid.tsx";
import type { Arranging } from "./grid-canvas.ts";

interface ArrangeGridProps {
  panels: readonly Panel[];
  layout: Layout;
  /** Of the whole board. */
  filters: Board["filters"];
  onLayout: (layout: Layout) => void;
  /** Only where the board itself is edited. */
  onEdit?: ((panel: Panel) => void) | undefined;
  onRemove?: ((panel: Panel) => void) | undefined;
}

const STEPS: Readonly<Record<string, Partial<Grid>>> = {
  ArrowLeft: { x: -1 },
  ArrowRight: { x: 1 },
  ArrowUp: { y: -1 },
  ArrowDown: { y: 1 },
};
const SIZES: Readonly<Record<string, Partial<Grid>>> = {
  ArrowLeft: { w: -1 },
  ArrowRight: { w: 1 },
  ArrowUp: { h: -1 },
  ArrowDown: { h: 1 },
};

function stepped(place: Grid, by: Partial<Grid>): Grid {
  const w = Math.min(GRID_COLUMNS, Math.max(1, place.w + (by.w ?? 0)));
  const x = Math.min(GRID_COLUMNS - w, Math.max(0, place.x + (by.x ?? 0)));
  return { x, y: Math.max(0, place.y + (by.y ?? 0)), w, h: Math.max(1, place.h + (by.h ?? 0)) };
}

function Tools({
  panel,
  place,
  onPlace,
  onEdit,
  onRemove,
}: { panel: Panel; place: Grid; onPlace: (place: Grid) => void } & Pick<ArrangeGridProps, "onEdit" | "onRemove">) {
  const name = panel.title || panel.chart;
  return (
    <div class="cell-tools">
      <button
        type="button"
        class="icon-button drag-handle"
        aria-label={`Move ${name}: drag, or use the arrow keys, with Shift to resize`}
        title="Drag to move. Arrow keys move, with Shift they resize."
        onKeyDown={(event) => {
          const by = (event.shiftKey ? SIZES : STEPS)[event.key];
          if (!by) return;
          event.preventDefault();
          event.stopPropagation();
          onPlace(stepped(place, by));
        }}
      >
        <Icon name="drag" />
      </button>
      {onEdit && (
        <button type="button" class="icon-button" aria-label={`Settings of ${name}`} onClick={() => onEdit(panel)}>
          <Icon name="edit" />
        </button>
      )}
      {onRemove && (
        <button type="button" class="icon-button" aria-label={`Remove ${name}`} onClick={() => onRemove(panel)}>
          <Icon name="trash" />
        </button>
      )}
    </div>
  );
}

export function ArrangeGrid({ panels, layout, filters, onLayout, onEdit, onRemove }: ArrangeGridProps) {
  const frame = useRef<HTMLDivElement>(null);
  const arranging = useRef<Arranging | null>(null);
  const changed = useRef(onLayout);
  changed.current = onLayout;
  const places = Object.fromEntries(panels.map((panel) => [panel.id, placeOf(panel, layout)]));
  const ids = panels.map(({ id }) => id).join();
  useEffect(() => {
    let gone = false;
    void import("./grid-canvas.ts").then(({ arrange }) => {
      if (gone || !frame.current) return;
      arranging.current = arrange(frame.current, (moved) => changed.current(moved));
    });
    return () => {
      gone = true;
      arranging.current?.destroy();
      arranging.current = null;
    };
  }, [ids]);
  // What the grid itself has moved is there already; keys and others' changes are not.
  useEffect(() => arranging.current?.place(places), [JSON.stringify(places)]);
  return (
    <div class="arranging-room">
      <div key={ids} class="grid-stack arranging" ref={frame}>
        {panels.map((panel) => {
          const place = placeOf(panel, layout);
          return (
            <div
              key={panel.id}
              class="grid-stack-item"
              {...{ "gs-id": panel.id, "gs-x": place.x, "gs-y": place.y, "gs-w": place.w, "gs-h": place.h }}
            >
              <div class={`grid-stack-item-content ${cellClass(place.h)}`} style={{ "--rows": String(place.h) }}>
                <Tools
                  panel={panel}
                  place={place}
                  onPlace={(moved) => onLayout({ ...layout, [panel.id]: moved })}
                  onEdit={onEdit}
                  onRemove={onRemove}
                />
                <PanelBody panel={panel} filters={filters} />
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
