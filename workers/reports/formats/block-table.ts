// The blocks of a report as tables, and what it says in words: what files of numbers are written from.
import type { ReportBlock, ReportColumn, ReportDocument, Shown } from "../../domain/report-document.ts";

export interface BlockTable {
  columns: readonly ReportColumn[];
  rows: readonly (readonly Shown[])[];
}

const said = (text: string | null): Shown => ({ value: text, text: text ?? "" });
const nothing: Shown = { value: null, text: "" };

const FIGURE_COLUMNS: readonly ReportColumn[] = [
  { label: "Figure", type: "text" },
  { label: "Now", type: "number" },
  { label: "Before", type: "number" },
  { label: "Change", type: "text" },
  { label: "Target", type: "text" },
];

/** Null for blocks of words. */
export function tableOf(block: ReportBlock): BlockTable | null {
  switch (block.kind) {
    case "figures": {
      const rows = block.figures.map(({ label, now, before, change, target }) => [
        said(label),
        now,
        before ?? nothing,
        said(change),
        said(target),
      ]);
      return { columns: FIGURE_COLUMNS, rows };
    }
    case "picture":
    case "table":
      return block;
    case "bars":
    case "grid":
      return { columns: block.columns, rows: block.rows.map(({ cells }) => cells) };
    default:
      return null;
  }
}

/** Lines of words; none for tables, but for what a table leaves out. */
export function wordsOf(block: ReportBlock): string[] {
  switch (block.kind) {
    case "paragraph":
    case "problem":
      return block.text.split("\n");
    case "list":
      return block.items.map(({ text }) => text);
    case "table":
      return block.more > 0 ? [`${block.more} more rows`] : [];
    default:
      return [];
  }
}

/** A number as one, anything else as it reads. */
export function cellOf({ value, text }: Shown): string | number | null {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  return text === "" ? null : text;
}

/** What a report is about, each with its label. */
export function factsOf(document: ReportDocument): [label: string, value: string][] {
  const { title, site, period, comparedWith, madeAt, origin } = document;
  return [
    ["Report", title],
    ["Site", site.name],
    ["Period", period.label],
    ["From", period.from],
    ["To", period.to],
    ["Time zone", period.timeZone],
    ...(comparedWith === null ? [] : [["Compared with", comparedWith] satisfies [string, string]]),
    ["Made", new Date(madeAt).toISOString()],
    ["Dashboard", origin],
  ];
}
