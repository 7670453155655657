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
import type { TableModel, TableRow } from "../state/table-model.ts";
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

interface DataTableProps {
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

export function DataTable({ model, caption, onChoose }: DataTableProps) {
  const [shown, setShown] = useState(PAGE);
  const [search, setSearch] = useState("");
  const table = useRows(model);
  const rows = table.getRowModel().rows;
  const find = (text: string) => {
    setSearch(text);
    table.setGlobalFilter(text);
  };
  return (
    <div class="data-table">
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
      <div class="data-table-scroll">
        <table>
          <caption class="unseen">{caption}</caption>
          <thead>
            <tr>
              {model.columns.map(({ id, label, numeric, about }) => {
                const column = table.getColumn(id);
                const sorted = column?.getIsSorted() || null;
                return (
                  <th
                    key={id}
                    scope="col"
                    class={numeric ? "numeric" : ""}
                    aria-sort={sorted ? SPOKEN[sorted] : "none"}
                  >
                    <button type="button" title={about} onClick={() => column?.toggleSorting()}>
                      {label}
                      {sorted && <Icon name={sorted === "asc" ? "up" : "down"} size={12} />}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={row.id}>
                {row.original.cells.map(({ text }, i) => {
                  const column = model.columns[i];
                  if (i > 0)
                    return (
                      <td key={column?.id} class={column?.numeric ? "numeric" : ""}>
                        {text}
                      </td>
                    );
                  return (
                    <th key={column?.id} scope="row" class={column?.numeric ? "numeric" : ""} title={text}>
                      {onChoose && row.original.dimensions ? (
                        <button type="button" class="link" onClick={() => onChoose(row.original)}>
                          {text}
                        </button>
                      ) : (
                        text
                      )}
                    </th>
                  );
                })}
              </tr>
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
