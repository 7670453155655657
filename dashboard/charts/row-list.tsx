// Rows with a bar behind the name and figures to the right; the one list that every breakdown and live panel uses.
import type { ComponentChildren } from "preact";

export interface ListRow {
  key: string;
  name: ComponentChildren;
  /** Length of the bar, 0 to 1. */
  share: number;
  figures: string[];
  /** Spoken and shown on hover. */
  hint?: string;
  chosen?: boolean;
  onChoose?: (() => void) | undefined;
}

interface RowListProps {
  columns: string[];
  /** The figure that ranks the rows, by position. */
  main?: number;
  rows: ListRow[];
  faded?: boolean;
}

function Row({ row, main }: { row: ListRow; main: number }) {
  const inside = (
    <>
      <span class="row-bar" style={{ width: `${Math.max(0, Math.min(1, row.share)) * 100}%` }} />
      <span class="row-name">{row.name}</span>
      {row.figures.map((figure, i) => (
        <span key={i} class={i === main ? "row-figure main" : "row-figure"}>
          {figure}
        </span>
      ))}
    </>
  );
  if (!row.onChoose) return <li class="row">{inside}</li>;
  return (
    <li>
      <button type="button" class="row" title={row.hint} aria-pressed={row.chosen ?? false} onClick={row.onChoose}>
        {inside}
      </button>
    </li>
  );
}

export function RowList({ columns, rows, main = columns.length - 2, faded = false }: RowListProps) {
  return (
    <div class={faded ? "rows faded" : "rows"}>
      <div class="rows-head" aria-hidden="true">
        {columns.map((column, i) => (
          <span key={column} class={i === 0 ? "row-name" : "row-figure"}>
            {column}
          </span>
        ))}
      </div>
      <ol>
        {rows.map((row) => (
          <Row key={row.key} row={row} main={main} />
        ))}
      </ol>
    </div>
  );
}
