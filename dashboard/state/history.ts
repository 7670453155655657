// What other tools counted before, and their counts beside ours.
import { HISTORY_TOOLS, type History, type HistoryContent, type HistoryTool } from "../../workers/domain/history.ts";
import type { Compared, ComparedRow, Explanation, Reconciliation } from "../../workers/domain/reconciliation.ts";
import { type Reply, request } from "./api.ts";
import { formatDays, formatExact, formatPercent, MISSING } from "./format.ts";
import { sitePath } from "./sites.ts";
import type { TableCell, TableModel } from "./table-model.ts";

const historyPath = (site: string, rest = ""): string => `${sitePath(site)}/history${rest}`;

const withFile = (path: string, file: File) =>
  [`${path}?${new URLSearchParams({ name: file.name })}`, { method: "POST", file }] as const;

export const loadHistories = (site: string): Promise<Reply<{ histories: History[] }>> => request(historyPath(site));

export const previewHistory = (site: string, file: File): Promise<Reply<HistoryContent>> =>
  request(...withFile(historyPath(site, "/preview"), file));

export const importHistory = (site: string, file: File): Promise<Reply<History>> =>
  request(...withFile(historyPath(site), file));

export const removeHistory = (site: string, id: string): Promise<Reply<null>> =>
  request(historyPath(site, `/${encodeURIComponent(id)}`), { method: "DELETE" });

export const loadReconciliation = (
  site: string,
  asked: { history: string; timeZone: string },
): Promise<Reply<Reconciliation>> => request(`${sitePath(site)}/reconciliation?${new URLSearchParams(asked)}`);

export const toolName = (tool: HistoryTool): string => HISTORY_TOOLS[tool];

const MEASURE_WORDS = { visitors: "visitors", visits: "visits", pageviews: "page views", events: "events" } as const;

/** `1 March 2024 to 31 March 2024: 759 visitors, 2,087 visits, 6,298 page views` */
export function summaryOf({ from, to, totals }: HistoryContent): string {
  const counts = (["visitors", "visits", "pageviews", "events"] as const).flatMap((measure) => {
    const total = totals[measure];
    return total === null ? [] : [`${formatExact(total)} ${MEASURE_WORDS[measure]}`];
  });
  return [formatDays(from, to), counts.join(", ")].filter((part) => part !== "").join(": ");
}

export const MEASURES = [
  { id: "pageviews", label: "Page views" },
  { id: "visits", label: "Visits" },
  { id: "visitors", label: "Visitors" },
] as const satisfies { id: Compared; label: string }[];

const signed = (value: number): string => (value > 0 ? `+${formatExact(value)}` : formatExact(value));

/** One sentence on the difference. */
export function verdictOf({ measure, theirs, ours, difference }: Explanation, tool: string): string {
  const what = MEASURE_WORDS[measure];
  if (theirs === null || difference === null) return `The export does not tell ${what}; here are ${formatExact(ours)}.`;
  if (difference === 0) return `Both count ${formatExact(ours)} ${what}.`;
  const share = ours === 0 ? "" : ` (${formatPercent((100 * Math.abs(difference)) / ours)})`;
  const side = difference > 0 ? "more" : "fewer";
  return `${tool} counts ${formatExact(theirs)} ${what} and Edgewise ${formatExact(ours)}: ${formatExact(Math.abs(difference))} ${side} there${share}.`;
}

export const amountText = (amount: number, atMost: boolean): string =>
  atMost ? `up to ${signed(amount)}` : signed(amount);

const cell = (value: number | null): TableCell => ({
  text: value === null ? MISSING : formatExact(value),
  sort: value,
});

/** Both counts of a measure, and how far apart they are. */
export function comparedTable(
  rows: readonly ComparedRow[],
  { measure, label, tool, empty }: { measure: Compared; label: string; tool: string; empty: string },
): TableModel {
  return {
    columns: [
      { id: "value", label, numeric: false },
      { id: "theirs", label: tool, numeric: true },
      { id: "ours", label: "Edgewise", numeric: true },
      { id: "difference", label: "Difference", numeric: true },
    ],
    rows: rows.map(({ value, theirs, ours }) => {
      const [their, own] = [theirs[measure], ours[measure]];
      const gap = their === null || own === null ? null : their - own;
      return {
        cells: [
          { text: value === "" ? empty : value, sort: value },
          cell(their),
          cell(own),
          { text: gap === null ? MISSING : signed(gap), sort: gap === null ? null : Math.abs(gap) },
        ],
      };
    }),
  };
}
