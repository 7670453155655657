// What analyses answer, as blocks: funnels as bars, retention as a grid, all else as the rows that it makes of itself.
import type { FunnelResult } from "../analyses/funnel.ts";
import type { FunnelStep } from "../analyses/funnel-groups.ts";
import type { RetentionResult } from "../analyses/retention.ts";
import type { AnalysisResult } from "../domain/question.ts";
import type { ReportBlock, ReportColumn, Shown } from "../domain/report-document.ts";
import { sheetOf } from "../query/ask.ts";
import { NOTHING_CAME } from "./answer-blocks.ts";
import { NOTHING_SHOWN, shownCount, shownText, shownValue } from "./metric-told.ts";

const text = (label: string): ReportColumn => ({ label, type: "text" });
const number = (label: string): ReportColumn => ({ label, type: "number" });

const PEOPLE = { visitor: "Visitors", session: "Visits", user: "Users" } as const;

function stepRow({ name, count, dropped, from_first, from_previous }: FunnelStep) {
  const cells = [
    shownText(name),
    shownCount(count),
    shownCount(dropped),
    shownValue(from_first, "percent"),
    shownValue(from_previous, "percent"),
  ];
  return { cells, share: (from_first ?? 0) / 100 };
}

export function funnelBlocks({ by, steps, breakdown }: FunnelResult, rows: number): ReportBlock[] {
  const columns = [
    text("Step"),
    number(PEOPLE[by]),
    number("Lost"),
    number("Of the first"),
    number("Of the step before"),
  ];
  const bars: ReportBlock = { kind: "bars", columns, rows: steps.map(stepRow) };
  if (!breakdown) return [bars];
  const values = breakdown.slice(0, rows).map(({ value, steps: own }): Shown[] => {
    const [first, last] = [own[0], own.at(-1)];
    return [
      shownText(value),
      shownCount(first?.count ?? null),
      shownCount(last?.count ?? null),
      shownValue(last?.from_first ?? null, "percent"),
    ];
  });
  const own = [text("Value"), number("First step"), number("Last step"), number("Of the first")];
  return [bars, { kind: "table", columns: own, rows: values, more: breakdown.length - values.length }];
}

/** What a page is wide enough for. */
const MOST_SINCE = 12;

const UNITS = { day: "Day", week: "Week", month: "Month" } as const;

export function retentionBlocks(
  { granularity, by, cohorts, overall, left_out }: RetentionResult,
  rows: number,
): ReportBlock[] {
  const shown = cohorts.slice(-rows);
  const since = Math.min(MOST_SINCE, Math.max(0, ...shown.map(({ returned }) => returned.length)));
  const places = Array.from({ length: since }, (_, place) => place);
  const unit = UNITS[granularity];
  const columns = [text(unit), number(PEOPLE[by]), ...places.map((place) => number(`+${place}`))];
  const rowOf = (label: string, size: number, parts: ({ returned: number; of: number } | undefined)[]) => {
    const known = parts.map((part) => (part && part.of > 0 ? part.returned / part.of : null));
    const cells = known.map((share) => (share === null ? NOTHING_SHOWN : shownValue(100 * share, "percent")));
    return { cells: [shownText(label), shownCount(size), ...cells], shares: [null, ...known] };
  };
  const total = cohorts.reduce((all, { size }) => all + size, 0);
  if (total === 0) return [NOTHING_CAME];
  const grid: ReportBlock = {
    kind: "grid",
    columns,
    rows: [
      rowOf(
        "All",
        total,
        places.map((place) => overall[place]),
      ),
      ...shown.map(({ cohort, size, returned }) =>
        rowOf(
          cohort,
          size,
          places.map((place) => (place < returned.length ? { returned: returned[place] ?? 0, of: size } : undefined)),
        ),
      ),
    ],
  };
  const note = `${left_out} visitors whose ids change daily cannot be seen coming back, and are left out.`;
  return left_out > 0 ? [grid, { kind: "paragraph", text: note }] : [grid];
}

const words = (name: string): string => {
  const plain = name.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
};

function sheetBlocks(answer: AnalysisResult, rows: number): ReportBlock[] {
  const { columns, rows: all, facts = [] } = sheetOf(answer);
  if (all.length === 0) return [NOTHING_CAME];
  const shown = all.slice(0, rows).map((row) =>
    row.map((cell): Shown => {
      if (typeof cell === "number") return shownValue(cell, "ratio");
      return cell === null ? NOTHING_SHOWN : shownText(cell);
    }),
  );
  const table: ReportBlock = {
    kind: "table",
    columns: columns.map(({ name, type }) => (type === "text" ? text(words(name)) : number(words(name)))),
    rows: shown,
    more: all.length - shown.length,
  };
  return [table, ...facts.map(([label, value]): ReportBlock => ({ kind: "paragraph", text: `${label}: ${value}` }))];
}

/** By the shape that the answer says it has. */
export function analysisBlocks(answer: AnalysisResult, rows: number): ReportBlock[] {
  switch (answer.shape) {
    case "funnel":
      return funnelBlocks(answer.results as FunnelResult, rows); // of that shape
    case "retention":
      return retentionBlocks(answer.results as RetentionResult, rows); // of that shape
    default:
      return sheetBlocks(answer, rows);
  }
}
