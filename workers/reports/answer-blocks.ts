// The answer to a question of metrics as blocks: figures, a table, bars.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import { amountOf } from "../domain/money.ts";
import type { QueryResult, QueryRow } from "../domain/query.ts";
import type { ReportBlock, ReportColumn, ReportFigure, Shown } from "../domain/report-document.ts";
import { notShown } from "./figure-text.ts";
import {
  changeText,
  changeTone,
  dimensionLabel,
  metricTold,
  NOTHING_SHOWN,
  shownChange,
  shownDimension,
  shownValue,
} from "./metric-told.ts";

const isCompared = ({ query }: QueryResult): boolean => query.include.comparisons !== undefined;

/** Of an answer without dimensions. */
export function figuresOf(answer: QueryResult, known: readonly CustomMetric[]): ReportFigure[] {
  const [row] = answer.results;
  return answer.query.metrics.map((name, place): ReportFigure => {
    const { label, unit, better } = metricTold(name, known);
    const change = row?.comparison?.change[place] ?? null;
    return {
      label,
      now: row ? shownValue(row.metrics[place], unit) : NOTHING_SHOWN,
      before: isCompared(answer) ? shownValue(row?.comparison?.metrics[place], unit) : null,
      change: changeText(change, unit),
      tone: changeTone(change, { unit, better }),
      target: null,
    };
  });
}

function columnsOf(answer: QueryResult, known: readonly CustomMetric[]): ReportColumn[] {
  const { dimensions, metrics } = answer.query;
  return [
    ...dimensions.map((name): ReportColumn => ({ label: dimensionLabel(name), type: "text" })),
    ...metrics.flatMap((name): ReportColumn[] => {
      const { label } = metricTold(name, known);
      const now: ReportColumn = { label, type: "number" };
      if (!isCompared(answer)) return [now];
      return [
        now,
        { label: `${label} before`, type: "number", held: "before" },
        { label: `${label} change`, type: "number", held: "change" },
      ];
    }),
  ];
}

function cellsOf(row: QueryRow, answer: QueryResult, known: readonly CustomMetric[]): Shown[] {
  const { dimensions, metrics } = answer.query;
  return [
    ...row.dimensions.map((value, place) => shownDimension(dimensions[place] ?? "", value)),
    ...metrics.flatMap((name, place): Shown[] => {
      const { unit } = metricTold(name, known);
      const now = shownValue(row.metrics[place], unit);
      if (!isCompared(answer)) return [now];
      const change = row.comparison?.change[place] ?? null;
      return [now, shownValue(row.comparison?.metrics[place], unit), shownChange(change, unit)];
    }),
  ];
}

interface Listing {
  known: readonly CustomMetric[];
  /** Shown at most. */
  rows: number;
}

export const NOTHING_CAME: ReportBlock = { kind: "paragraph", text: "Nothing in this period." };

const leftOut = (answer: QueryResult, shown: number): number =>
  Math.max(0, (answer.meta.total_rows ?? answer.results.length) - shown);

export function tableBlock(answer: QueryResult, { known, rows }: Listing): ReportBlock[] {
  const shown = answer.results.slice(0, rows);
  if (shown.length === 0) return [NOTHING_CAME];
  const cells = shown.map((row) => cellsOf(row, answer, known));
  return [{ kind: "table", columns: columnsOf(answer, known), rows: cells, more: leftOut(answer, shown.length) }];
}

/** Bars are as long as the first metric is large. */
export function barsBlock(answer: QueryResult, { known, rows }: Listing): ReportBlock[] {
  const shown = answer.results.slice(0, rows);
  if (shown.length === 0) return [NOTHING_CAME];
  const sizes = shown.map(({ metrics }) => Math.max(0, amountOf(metrics[0]) ?? 0));
  const most = Math.max(...sizes);
  const bars = shown.map((row, place) => ({
    cells: cellsOf(row, answer, known),
    share: most > 0 ? (sizes[place] ?? 0) / most : 0,
  }));
  const more = leftOut(answer, shown.length);
  const rest: ReportBlock[] = more > 0 ? [{ kind: "paragraph", text: notShown(more) }] : [];
  return [{ kind: "bars", columns: columnsOf(answer, known), rows: bars }, ...rest];
}
