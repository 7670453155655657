// How long a site keeps what, and its archive, as the settings page shows them.
import type { LegalHold, Retention, RetentionStep, RetentionTotal } from "../../workers/domain/retention.ts";
import { type Reply, request } from "./api.ts";
import { formatExact } from "./format.ts";
import { changeSite, loadSites, sitePath } from "./sites.ts";
import type { TableCell, TableModel } from "./table-model.ts";

export interface DryRun {
  held: string | null;
  totals: RetentionTotal[];
  steps: RetentionStep[];
}

export interface ArchivedDay {
  date: string;
  state: "written" | "dropped" | "damaged";
  live: number;
  imports: number;
  files: number;
  bytes: number;
  problem: string | null;
}

export const dryRun = (siteId: string): Promise<Reply<DryRun>> =>
  request(`${sitePath(siteId)}/retention/dry-run`, { method: "POST" });

export const loadArchive = (siteId: string): Promise<Reply<{ bound: boolean; days: ArchivedDay[] }>> =>
  request(`${sitePath(siteId)}/archive`);

export async function setHold(siteId: string, reason: string): Promise<Reply<LegalHold>> {
  const reply = await request<LegalHold>(`${sitePath(siteId)}/legal-hold`, { method: "PUT", send: { reason } });
  if (reply.ok) await loadSites();
  return reply;
}

export async function liftHold(siteId: string): Promise<Reply<null>> {
  const reply = await request<null>(`${sitePath(siteId)}/legal-hold`, { method: "DELETE" });
  if (reply.ok) await loadSites();
  return reply;
}

export const saveRetention = (siteId: string, rules: Partial<Omit<Retention, "legalHold">>) =>
  changeSite(siteId, { retention: rules });

export const reportPath = (siteId: string, year: number): string =>
  `${sitePath(siteId)}/retention/report?year=${year}&format=csv`;

/** "" stands for ever. */
export const monthsOf = (text: string): number | null => (text.trim() === "" ? null : Number(text));
export const textOfMonths = (months: number | null): string => (months === null ? "" : String(months));

export const TYPE_NAMES: Readonly<Record<RetentionStep["type"], string>> = {
  events: "Collected events",
  imports: "Imported events",
  archive: "Archived events",
  archived_imports: "Archived imports",
  refusals: "Counts of refused beacons",
};

const text = (value: string): TableCell => ({ text: value, sort: value });
const number = (value: number): TableCell => ({ text: formatExact(value), sort: value });

export const totalsTable = (totals: readonly RetentionTotal[]): TableModel => ({
  columns: [
    { id: "type", label: "What", numeric: false },
    { id: "action", label: "Would be", numeric: false },
    { id: "days", label: "Days", numeric: true },
    { id: "count", label: "Count", numeric: true },
    { id: "bytes", label: "Bytes, about", numeric: true },
  ],
  rows: totals.map(({ type, action, days, count, bytes }) => ({
    cells: [
      text(TYPE_NAMES[type]),
      text(action === "remove" ? "removed" : "archived"),
      number(days),
      number(count),
      number(bytes),
    ],
  })),
});

const STATES = { written: "here and in the archive", dropped: "in the archive", damaged: "damaged" } as const;

export const archiveTable = (days: readonly ArchivedDay[]): TableModel => ({
  columns: [
    { id: "date", label: "Day (UTC)", numeric: false },
    { id: "state", label: "Where", numeric: false },
    { id: "events", label: "Events", numeric: true },
    { id: "files", label: "Files", numeric: true },
    { id: "bytes", label: "Bytes", numeric: true },
  ],
  rows: days.map(({ date, state, live, imports, files, bytes, problem }) => ({
    cells: [text(date), text(problem ?? STATES[state]), number(live + imports), number(files), number(bytes)],
  })),
});
