// Who asked what of the site's API in the last day, how often and how slowly.
import { useState } from "preact/hooks";
import { SortableTable } from "../charts/sortable-table.tsx";
import { request } from "../state/api.ts";
import { formatExact } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { sitePath } from "../state/sites.ts";
import type { TableCell, TableModel } from "../state/table-model.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

interface Usage {
  actor: string;
  route: string;
  requests: number;
  refused: number;
  failed: number;
  meanMs: number;
  longestMs: number;
}

const COLUMNS = [
  { id: "actor", label: "Who", numeric: false },
  { id: "route", label: "What", numeric: false },
  { id: "requests", label: "Requests", numeric: true },
  { id: "refused", label: "Refused", numeric: true },
  { id: "failed", label: "Failed", numeric: true },
  { id: "mean", label: "Mean ms", numeric: true },
  { id: "longest", label: "Longest ms", numeric: true },
];

const cell = (value: number): TableCell => ({ text: formatExact(value), sort: value });
const sum = (rows: readonly Usage[], of: (row: Usage) => number): number => rows.reduce((all, row) => all + of(row), 0);

/** The hours of each asker and route together. */
function modelOf(usage: readonly Usage[]): TableModel {
  const groups = [...Map.groupBy(usage, ({ actor, route }) => `${actor} ${route}`).values()];
  return {
    columns: COLUMNS,
    rows: groups.flatMap((rows) => {
      const [first] = rows;
      if (!first) return [];
      const requests = sum(rows, (row) => row.requests);
      return [
        {
          cells: [
            { text: first.actor, sort: first.actor },
            { text: first.route, sort: first.route },
            cell(requests),
            cell(sum(rows, ({ refused }) => refused)),
            cell(sum(rows, ({ failed }) => failed)),
            cell(Math.round(sum(rows, (row) => row.meanMs * row.requests) / requests)),
            cell(Math.max(...rows.map(({ longestMs }) => longestMs))),
          ],
        },
      ];
    }),
  };
}

export function ApiUsagePanel({ siteId }: { siteId: string }) {
  const [opened, setOpened] = useState(false);
  return (
    <section class="panel form">
      <h2>Use of the API</h2>
      <p>Who asked what in the last 24 hours, and how slowly it was answered.</p>
      {opened ? (
        <UsageTable siteId={siteId} />
      ) : (
        <button type="button" class="button" onClick={() => setOpened(true)}>
          Show
        </button>
      )}
    </section>
  );
}

function UsageTable({ siteId }: { siteId: string }) {
  const { items, failure, load } = useListed(siteId, async () =>
    mapReply(await request<{ usage: Usage[] }>(`${sitePath(siteId)}/api-usage?hours=24`), ({ usage }) => usage),
  );
  if (failure) return <Failed failure={failure} onRetry={() => void load()} />;
  if (!items) return <Skeleton lines={4} />;
  return <SortableTable model={modelOf(items)} caption="Use of the API" />;
}
