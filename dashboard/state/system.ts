// How the system itself is doing, as the page shows it: its replies as tables and series. Pure but for the asking.
import type { StorageReply, SystemReply } from "../../workers/api/system-schemas.ts";
import { type Reply, request } from "./api.ts";
import type { Content } from "./content.ts";
import { localStamp } from "./days.ts";
import { formatCount, formatExact, formatPercent, MISSING } from "./format.ts";
import type { TableCell, TableModel } from "./table-model.ts";

export type { StorageReply, SystemReply };

export const loadSystem = (hours: number): Promise<Reply<SystemReply>> => request(`/api/v1/system?hours=${hours}`);
export const loadStorage = (): Promise<Reply<StorageReply>> => request("/api/v1/system/storage");

/** `12 ms`, `1.2 s`. */
export function msText(ms: number | null): string {
  if (ms === null) return MISSING;
  if (ms >= 1000) return `${formatExact(Math.round(ms / 100) / 10)} s`;
  return ms > 0 && ms < 1 ? "< 1 ms" : `${Math.round(ms)} ms`;
}

const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `1.2 MB`, by thousands as the bill has it. */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${formatExact(Math.round((bytes / 1000 ** step) * 10) / 10)} ${UNITS[step]}`;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
export const momentText = (at: number): string => dateTime.format(at);

const words = (text: string): TableCell => ({ text, sort: text });
const count = (value: number): TableCell => ({ text: formatExact(value), sort: value });
const time = (ms: number | null): TableCell => ({ text: msText(ms), sort: ms });
const moment = (at: number): TableCell => ({ text: momentText(at), sort: at });
const bytes = (value: number): TableCell => ({ text: bytesText(value), sort: value });

/** Of nothing there is no share. */
export const shareText = (part: number, whole: number): string =>
  whole > 0 ? formatPercent((part / whole) * 100) : MISSING;

export const KINDS = [
  { id: "api", label: "Routes" },
  { id: "d1", label: "D1" },
  { id: "object", label: "Objects" },
  { id: "scan", label: "Scans" },
  { id: "job", label: "Jobs" },
] as const;
export type Kind = (typeof KINDS)[number]["id"];

export const timingsTable = ({ timings }: SystemReply, kind: Kind): TableModel => ({
  columns: [
    { id: "name", label: "What", numeric: false },
    { id: "count", label: "Times", numeric: true },
    { id: "failed", label: "Failed", numeric: true, about: "Ended with 5xx or an error: our failures." },
    { id: "refused", label: "Refused", numeric: true, about: "Answered with 4xx: what was asked was wrong." },
    { id: "p50", label: "p50", numeric: true, about: "Half took no longer." },
    { id: "p95", label: "p95", numeric: true },
    { id: "p99", label: "p99", numeric: true },
    { id: "max", label: "Longest", numeric: true },
  ],
  rows: timings
    .filter((one) => one.kind === kind)
    .map(({ name, count: times, failed, refused, p50, p95, p99, max }) => ({
      cells: [words(name), count(times), count(failed), count(refused), time(p50), time(p95), time(p99), time(max)],
    })),
});

export const jobsTable = ({ jobs }: SystemReply): TableModel => ({
  columns: [
    { id: "name", label: "Job", numeric: false },
    { id: "started", label: "Last run", numeric: false },
    { id: "took", label: "Took", numeric: true },
    { id: "outcome", label: "Outcome", numeric: false },
  ],
  rows: jobs.map(({ name, startedAt, ms, problem }) => ({
    cells: [words(name), moment(startedAt), time(ms), words(problem === null ? "done" : `failed: ${problem}`)],
  })),
});

export const slowTable = ({ slow }: SystemReply): TableModel => ({
  columns: [
    { id: "asked", label: "Question", numeric: false },
    { id: "ms", label: "Took", numeric: true },
    { id: "site", label: "Site", numeric: false },
    { id: "period", label: "Period", numeric: false },
    { id: "source", label: "Answered from", numeric: false },
    { id: "scanned", label: "Events read", numeric: true },
    { id: "rolled", label: "Roll-ups read", numeric: true },
    { id: "at", label: "When", numeric: false },
  ],
  rows: slow.map(({ asked, siteId, period, source, scanned, rolled, ms, at }) => ({
    cells: [
      words(asked),
      time(ms),
      words(siteId),
      words(period),
      words(source.replaceAll("_", " ")),
      count(scanned),
      count(rolled),
      moment(at),
    ],
  })),
});

export const storageTable = ({ sites }: StorageReply): TableModel => ({
  columns: [
    { id: "site", label: "Site", numeric: false },
    { id: "bytes", label: "In its objects", numeric: true },
    { id: "events", label: "Events", numeric: true },
    { id: "shards", label: "Shards", numeric: true },
    {
      id: "waiting",
      label: "Waiting for D1",
      numeric: true,
      about: "Events on disk whose copy in D1 is still to come.",
    },
  ],
  rows: sites.map(({ siteId, bytes: size, events, shards, waiting }) => ({
    cells: [words(siteId), bytes(size), count(events), count(shards), count(waiting)],
  })),
});

const METERED: Readonly<Record<string, string>> = {
  workerRequests: "Requests to the Worker",
  objectRequests: "Calls of Durable Objects",
  objectRowsWritten: "Rows written by objects, about",
  d1RowsWritten: "Rows written to D1",
  d1RowsRead: "Rows read from D1, at least",
  d1Bytes: "Size of D1",
};

export const meterName = (name: string): string => METERED[name] ?? name;
export const meterText = (name: string, amount: number): string =>
  name.endsWith("Bytes") ? bytesText(amount) : formatCount(amount);

const INCIDENTS: Readonly<Record<string, string>> = {
  "api errors": "The API failed often",
  "collect errors": "Beacons failed",
  unwatched: "Not looked at",
};

/** What went wrong, by the name of the probe where it was one. */
export const incidentName = (kind: string, { health }: SystemReply): string =>
  INCIDENTS[kind] ?? health.looks.find(({ name }) => name === kind)?.label ?? kind;

interface Line {
  label: string;
  unit: "count" | "ratio";
  of: (hour: SystemReply["series"][number]) => number | null;
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
export const ownZone = zone;

/** Hours in the reader's own time zone: the system has none. */
export function seriesContent({ series }: SystemReply, lines: readonly Line[]): Content {
  const labels = series.map(({ start }) => localStamp(start, zone));
  return {
    shape: "timeseries",
    figures: {
      dimensions: ["time:hour"],
      metrics: lines.map(({ label, unit }) => ({ name: label, label, about: label, unit, better: "neither" })),
      rows: series.map((hour, i) => ({
        dimensions: [labels[i] ?? ""],
        values: lines.map(({ of }) => of(hour)),
        before: null,
        change: [],
      })),
      grain: "hour",
      buckets: labels,
    },
  };
}
