// Panels moved and resized by hand, by gridstack; loaded only where somebody arranges a board.
import "gridstack/dist/gridstack.min.css";
import { GridStack } from "gridstack";
import type { Layout } from "../../workers/domain/board.ts";
import { GRID_COLUMNS } from "../../workers/domain/chart.ts";

/** Height of a row of the grid, pixels; the same as in boards.css. */
const ROW = 76;

export interface Arranging {
  /** Moves what is elsewhere. */
  place(layout: Layout): void;
  destroy(): void;
}

/** The children of `frame` are its panels, each with `gs-id` and its place as attributes. `changed` is told all places. */
export function arrange(frame: HTMLElement, changed: (layout: Layout) => void): Arranging {
  const grid = GridStack.init(
    { column: GRID_COLUMNS, cellHeight: ROW, margin: 8, handleClass: "drag-handle", animate: false },
    frame,
  );
  if (!grid) throw new Error("the frame has no grid");
  grid.on("change", () => {
    const places = grid.getGridItems().flatMap(({ gridstackNode: node }) => {
      if (node?.id === undefined) return [];
      const { id, x = 0, y = 0, w = 1, h = 1 } = node;
      return [[id, { x, y, w, h }] as const];
    });
    changed(Object.fromEntries(places));
  });
  return {
    place(layout) {
      grid.batchUpdate();
      for (const item of grid.getGridItems()) {
        const node = item.gridstackNode;
        const wanted = node?.id === undefined ? undefined : layout[node.id];
        if (!node || !wanted) continue;
        const { x, y, w, h } = wanted;
        if (node.x !== x || node.y !== y || node.w !== w || node.h !== h) grid.update(item, { x, y, w, h });
      }
      grid.batchUpdate(false);
    },
    destroy: () => void grid.destroy(false),
  };
}
