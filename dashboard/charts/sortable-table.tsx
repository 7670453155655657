// A table to sort and, when long, to search. Sorting and filtering are TanStack Table's.
import {
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/preact-table";
import { useMemo, useState } from "preact/hooks";
import type { TableColumn, TableModel, TableRow } from "../state/table-model.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty } from "../ui/notice.tsx";

const PAGE = 50;
/** Shorter ones are read faster than searched. */
const SEARCHED_FROM = 12;

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
});

const SPOKEN = { asc: "ascending", desc: "descending" } as const;

interface SortableTableProps {
  model: TableModel;
  caption: string;
  onChoose?: ((row: TableRow) => void) | undefined;
}

function useRows({ columns, rows }: TableModel) {
  const definitions = useMemo(
    () =>
      columns.map(({ id, numeric }, at) => ({
        id,
        accessorFn: (row: TableRow) => row.cells[at]?.sort ?? undefined,
        sortUndefined: "last" as const,
        sortDescFirst: numeric,
        sortFn: "auto" as const,
      })),
    [columns],
  );
  return useTable({
    features,
    columns: definitions,
    data: rows,
    enableSortingRemoval: false,
    globalFilterFn: (row, _column, text: string) =>
      row.original.cells.some((cell) => cell.text.toLowerCase().includes(text.toLowerCase())),
  });
}

type Rows = ReturnType<typeof useRows>;

const classOf = (column: TableColumn | undefined): string => (column?.numeric ? "numeric" : "");

function Head({ columns, table }: { columns: readonly TableColumn[]; table: Rows }) {
  return (
    <thead>
      <tr>
        {columns.map((shown) => {
          const column = table.getColumn(shown.id);
          const sorted = column?.getIsSorted() || null;
          return (
            <th key={shown.id} scope="col" class={classOf(shown)} aria-sort={sorted ? SPOKEN[sorted] : "none"}>
              <button type="button" title={shown.about} onClick={() => column?.toggleSorting()}>
                {shown.label}
                {sorted && <Icon name={sorted === "asc" ? "up" : "down"} size={12} />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Line({
  row,
  columns,
  onChoose,
}: { row: TableRow; columns: readonly TableColumn[] } & Pick<SortableTableProps, "onChoose">) {
  const [first, ...others] = row.cells;
  return (
    <tr>
      <th scope="row" class={classOf(columns[0])} title={first?.text}>
        {onChoose && row.dimensions ? (
          <button type="button" class="link" onClick={() => onChoose(row)}>
            {first?.text}
          </button>
        ) : (
          first?.text
        )}
      </th>
      {others.map(({ text }, i) => (
        <td key={columns[i + 1]?.id} class={classOf(columns[i + 1])}>
          {text}
        </td>
      ))}
    </tr>
  );
}

export function SortableTable({ model, caption, onChoose }: SortableTableProps) {
  const [shown, setShown] = useState(PAGE);
  const [search, setSearch] = useState("");
  const table = useRows(model);
  const rows = table.getRowModel().rows;
  const find = (text: string) => {
    setSearch(text);
    table.setGlobalFilter(text);
  };
  return (
    <div class="sortable">
      {model.rows.length >= SEARCHED_FROM && (
        <label class="search">
          <Icon name="search" />
          <span class="unseen">Search the table</span>
          <input
            class="input"
            type="search"
            placeholder="Search"
            value={search}
            onInput={(event) => find(event.currentTarget.value)}
          />
        </label>
      )}
      <div class="sortable-scroll">
        <table>
          <caption class="unseen">{caption}</caption>
          <Head columns={model.columns} table={table} />
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <Line key={row.id} row={row.original} columns={model.columns} onChoose={onChoose} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <Empty title="No row contains that">Try a shorter search.</Empty>}
      {rows.length > shown && (
        <button type="button" class="button small" onClick={() => setShown(shown + PAGE)}>
          Show more
        </button>
      )}
    </div>
  );
}
