// Any content as rows of a table: what charts show, for whoever cannot or would rather not read a drawing. Pure.
import type { Answers } from "../../workers/api/answers.ts";
import type { Content, Figures } from "./content.ts";
import { dimensionLabel, valueText } from "./dimensions.ts";
import type { ExpectedPoint } from "./expected.ts";
import {
  counted,
  formatBucket,
  formatDuration,
  formatExact,
  formatMetric,
  formatMoney,
  formatPercent,
  MISSING,
} from "./format.ts";
import type { Written } from "./metrics.ts";
import { seriesOf } from "./series.ts";

export interface TableColumn {
  id: string;
  label: string;
  /** Figures stand at the end of their cell and sort from the most down. */
  numeric: boolean;
  about?: string;
}

export interface TableCell {
  text: string;
  /** What it sorts by. */
  sort: string | number | null;
}

export interface TableRow {
  cells: TableCell[];
  /** The values of the dimensions, where the row is one group. */
  dimensions?: string[];
}

export interface TableModel {
  columns: TableColumn[];
  rows: TableRow[];
}

const words = (text: string): TableCell => ({ text, sort: text });
const count = (value: number | null): TableCell => ({ text: formatExact(value), sort: value });
const percent = (value: number | null): TableCell => ({ text: formatPercent(value), sort: value });
const duration = (ms: number | null): TableCell => ({
  text: ms === null ? MISSING : formatDuration(ms / 1000),
  sort: ms,
});

/** Every digit of a count and every cent of an amount, the usual form of all else. */
export function exactMetric(value: number | null, metric: Written): string {
  if (metric.unit === "money" && value !== null) return formatMoney(value, metric.currency);
  return metric.unit === "count" ? formatExact(value) : formatMetric(value, metric);
}

const figure = (value: number | null, metric: Written): TableCell => ({
  text: exactMetric(value, metric),
  sort: value,
});
/** A bound is an estimate: of a count no fractions are told. */
export const rounded = (value: number | null, { unit }: Written): number | null =>
  value !== null && unit === "count" ? Math.round(value) : value;
const signed = (change: number | null): TableCell => ({
  text: change === null ? MISSING : `${change > 0 ? "+" : ""}${formatExact(Math.round(change * 10) / 10)}`,
  sort: change,
});

function figureColumns({ dimensions, metrics }: Figures, compared: boolean): TableColumn[] {
  return [
    ...dimensions.map((name) => ({ id: name, label: dimensionLabel(name), numeric: false })),
    ...metrics.flatMap(({ name, label, about, unit }) => [
      { id: name, label, about, numeric: true },
      ...(compared
        ? [
            { id: `${name} before`, label: "Before", numeric: true },
            { id: `${name} change`, label: unit === "percent" ? "Points" : "Change %", numeric: true },
          ]
        : []),
    ]),
  ];
}

const EXPECTED_COLUMNS: readonly TableColumn[] = [
  { id: "expected", label: "Expected", numeric: true },
  { id: "low", label: "From", numeric: true, about: "Of a hundred usual values ninety-nine lie from here …" },
  { id: "high", label: "To", numeric: true, about: "… to here." },
  { id: "why", label: "Out of the ordinary", numeric: false },
];

function expectedCells(point: ExpectedPoint | undefined, metric: Written | undefined): TableCell[] {
  if (!metric) return [];
  const { expected = null, low = null, high = null, why = null } = point ?? {};
  return [...[expected, low, high].map((value) => figure(rounded(value, metric), metric)), words(why ?? "")];
}

/** Every bucket of the period, those without a row too. */
function bucketsTable(figures: Figures, nowStamp: string, expected?: readonly ExpectedPoint[]): TableModel {
  const { places, series } = seriesOf(figures, nowStamp);
  const compared = series.some((one) => one.compared);
  const time = figures.dimensions[0] ?? "";
  const byTime = expected && new Map(expected.map((point) => [point.time, point]));
  return {
    columns: [...figureColumns(figures, compared), ...(byTime ? EXPECTED_COLUMNS : [])],
    rows: places.map((place, i) => ({
      dimensions: [place],
      cells: [
        { text: valueText(time, place), sort: place },
        ...series.flatMap(({ metric, points }) => [
          figure(points[i]?.value ?? null, metric),
          ...(compared ? [figure(points[i]?.before ?? null, metric), signed(points[i]?.change ?? null)] : []),
        ]),
        ...(byTime ? expectedCells(byTime.get(place), figures.metrics[0]) : []),
      ],
    })),
  };
}

function figuresTable(figures: Figures): TableModel {
  const { dimensions, metrics, rows } = figures;
  const compared = rows.some(({ before }) => before !== null);
  return {
    columns: figureColumns(figures, compared),
    rows: rows.map((row) => ({
      dimensions: row.dimensions,
      cells: [
        ...row.dimensions.map((value, i) => ({
          text: valueText(dimensions[i] ?? "", value),
          sort: dimensions[i]?.startsWith("time:") ? value : valueText(dimensions[i] ?? "", value),
        })),
        ...metrics.flatMap((metric, i) => [
          figure(row.values[i] ?? null, metric),
          ...(compared ? [figure(row.before?.values[i] ?? null, metric), signed(row.change[i] ?? null)] : []),
        ]),
      ],
    })),
  };
}

function funnelTable({ steps, breakdown }: Answers["funnel"]): TableModel {
  const groups = [{ value: breakdown ? "All" : "", steps }, ...(breakdown ?? [])];
  return {
    columns: [
      ...(breakdown ? [{ id: "group", label: "Group", numeric: false }] : []),
      { id: "step", label: "Step", numeric: false },
      { id: "count", label: "Reached", numeric: true },
      { id: "from_first", label: "Of the first", numeric: true },
      { id: "from_previous", label: "Of the step before", numeric: true },
      { id: "dropped", label: "Dropped", numeric: true },
      { id: "median", label: "Median time", numeric: true, about: "From the step before." },
    ],
    rows: groups.flatMap((group) =>
      group.steps.map((step, i) => ({
        cells: [
          ...(breakdown ? [words(group.value)] : []),
          { text: `${i + 1}. ${step.name}`, sort: i },
          count(step.count),
          percent(step.from_first),
          percent(step.from_previous),
          count(step.dropped),
          duration(step.since_previous?.median_ms ?? null),
        ],
      })),
    ),
  };
}

const INTERVAL = { day: "Day", week: "Week", month: "Month" } as const;

function retentionTable({ cohorts, granularity, overall }: Answers["retention"]): TableModel {
  return {
    columns: [
      { id: "cohort", label: "Cohort", numeric: false },
      { id: "size", label: "People", numeric: true },
      ...overall.map((_, i) => ({ id: `since ${i}`, label: `${INTERVAL[granularity]} ${i}`, numeric: true })),
    ],
    rows: cohorts.map(({ cohort, size, returned }) => ({
      cells: [
        { text: formatBucket(cohort, granularity, "full"), sort: cohort },
        count(size),
        ...overall.map((_, i) => percent(size > 0 && returned[i] !== undefined ? (100 * returned[i]) / size : null)),
      ],
    })),
  };
}

export const nodeName = ({ kind, value, values }: Answers["paths"]["nodes"][number]): string =>
  kind === "rest" ? counted(values, "other") : value;

function pathsTable({ nodes, links }: Answers["paths"]): TableModel {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => {
    const node = byId.get(id);
    return node ? nodeName(node) : id;
  };
  return {
    columns: [
      { id: "step", label: "Step", numeric: true },
      { id: "from", label: "From", numeric: false },
      { id: "to", label: "To", numeric: false },
      { id: "sessions", label: "Visits", numeric: true },
    ],
    rows: links.map(({ source, target, sessions }) => ({
      cells: [count((byId.get(source)?.step ?? 0) + 1), words(nameOf(source)), words(nameOf(target)), count(sessions)],
    })),
  };
}

function propertiesTable({ properties, values }: Answers["properties"]): TableModel {
  if (values) {
    return {
      columns: [
        { id: "value", label: properties[0]?.name ?? "Value", numeric: false },
        { id: "events", label: "Events", numeric: true },
        { id: "visitors", label: "Visitors", numeric: true },
      ],
      rows: values.rows.map(({ value, events, visitors }) => ({
        cells: [words(value), count(events), count(visitors)],
      })),
    };
  }
  return {
    columns: [
      { id: "property", label: "Property", numeric: false },
      { id: "events", label: "Events", numeric: true },
      { id: "mean", label: "Mean", numeric: true },
      { id: "min", label: "Least", numeric: true },
      { id: "max", label: "Most", numeric: true },
    ],
    rows: properties.map(({ name, events, numeric }) => ({
      cells: [
        words(name),
        count(events),
        count(numeric?.mean ?? null),
        count(numeric?.min ?? null),
        count(numeric?.max ?? null),
      ],
    })),
  };
}

/** `nowStamp` is local to the site; `expected` stands beside a single series along time. */
export function tableOf(content: Content, nowStamp: string, expected?: readonly ExpectedPoint[]): TableModel {
  switch (content.shape) {
    case "funnel":
      return funnelTable(content.answer);
    case "retention":
      return retentionTable(content.answer);
    case "paths":
      return pathsTable(content.answer);
    case "properties":
      return propertiesTable(content.answer);
    case "timeseries":
      if (content.figures.dimensions.length === 1) return bucketsTable(content.figures, nowStamp, expected);
      return figuresTable(content.figures);
    default:
      return figuresTable(content.figures);
  }
}
