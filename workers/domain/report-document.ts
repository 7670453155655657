// A report with its answers: what every format is written from. Each section becomes blocks, and formats know blocks alone, so
// that a new section needs no change of any format.
import type { SeriesPicture } from "./picture.ts";

/** A number and how it reads; files of numbers keep `value`, pages show `text`. */
export interface Shown {
  value: string | number | null;
  text: string;
}

export interface ReportColumn {
  label: string;
  type: "text" | "number";
  /** What it says of the column before that is held against nothing; left out where it stands by itself. */
  held?: "before" | "change";
}

/** A figure, what it was before, and what it should be. */
export interface ReportFigure {
  label: string;
  now: Shown;
  /** Null without a comparison. */
  before: Shown | null;
  /** Against `before`: `+12 %`; null where nothing can be said. */
  change: string | null;
  tone: "better" | "worse" | "neither";
  /** Of a KPI with a target: `82 % of 1,000`; null for others. */
  target: string | null;
}

export type ReportBlock =
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: { text: string; tone: ReportFigure["tone"]; link: string | null }[] }
  | { kind: "figures"; figures: ReportFigure[] }
  | { kind: "picture"; picture: SeriesPicture; columns: ReportColumn[]; rows: Shown[][] }
  | { kind: "table"; columns: ReportColumn[]; rows: Shown[][] /** Rows that were left out. */; more: number }
  /** `share`: 0 to 1, the length of the bar. */
  | { kind: "bars"; columns: ReportColumn[]; rows: { cells: Shown[]; share: number }[] }
  /** Cells after the first column are coloured by `shares`, 0 to 1, the first of which is the second cell's; null is not coloured. */
  | { kind: "grid"; columns: ReportColumn[]; rows: { cells: Shown[]; shares: (number | null)[] }[] }
  /** What could not be told, and why: the rest of the report stands. */
  | { kind: "problem"; text: string };

export interface ReportPart {
  /** Of the section it comes from. */
  id: string;
  title: string;
  blocks: ReportBlock[];
  /** The view behind, as a path of the dashboard; null where there is none. */
  path: string | null;
  /** On paper it begins a new page. */
  breaksPage: boolean;
}

export interface ReportDocument {
  title: string;
  site: { id: string; name: string };
  period: { label: string; from: string; to: string; timeZone: string };
  comparedWith: string | null;
  brand: { colour: string /** A data: address of a PNG or JPEG. */; logo: string | null };
  /** Milliseconds. */
  madeAt: number;
  parts: ReportPart[];
  /** Where the dashboard is; links are this and a path. */
  origin: string;
}
