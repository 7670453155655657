// What a section of a report is made with, and what a kind of section must declare.
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Kpi } from "../catalog/kpi.ts";
import type { ImportedFigure } from "../domain/benchmark.ts";
import type { NewBoard } from "../domain/board.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Funnel } from "../domain/funnel.ts";
import type { DateRange, Period } from "../domain/period.ts";
import type { KeptFinding } from "../domain/quality.ts";
import type { ComparisonInput, Filter, QueryResult } from "../domain/query.ts";
import type { AnalysisResult, Question } from "../domain/question.ts";
import type { SectionKind, SectionOf } from "../domain/report.ts";
import type { ReportBlock } from "../domain/report-document.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { Refusal } from "../query/normalize.ts";

export type Answer = QueryResult | AnalysisResult | Refusal;
/** Answers in the order of the questions. */
export type AskMany = (questions: Question[]) => Promise<Answer[]>;

/** What the site has of its own. */
export interface ReportOwn {
  goals: readonly Goal[];
  kpis: readonly Kpi[];
  /** Every version. */
  customMetrics: readonly CustomMetric[];
  funnels: readonly Funnel[];
}

export interface QualityTold {
  /** By local date, the last first; null where nothing was looked at. */
  scores: readonly { day: string; total: number | null }[];
  findings: readonly KeptFinding[];
}

export interface ReportPorts {
  ask: AskMany;
  own(): Promise<ReportOwn>;
  /** Null for one that is gone, or that the report's maker does not see. */
  board(id: string): Promise<NewBoard | null>;
  /** What the checks of data said of a time. */
  quality(period: Period): Promise<QualityTold>;
  /** Null for one that is gone, or that the report's maker may not read. */
  otherSite(id: string): Promise<Site | null>;
  askOther(site: Site, questions: Question[]): Promise<Answer[]>;
  imported(): Promise<readonly ImportedFigure[]>;
  /** Told of a section that could not be made, by its id. */
  failed(section: string, error: unknown): void;
}

/** What is told of, held against what. */
export interface Making extends Pick<ReportPorts, "board" | "quality" | "otherSite" | "askOther" | "imported"> {
  site: Site;
  now: number;
  range: DateRange;
  /** Null where there is nothing to compare with. */
  compare: ComparisonInput | null;
  /** Cut off now where it is not over, which `whole` is not; the other is then as long. */
  span: { period: Period; comparison: Period | null; running: boolean; whole: Period };
  /** Of the whole report. */
  filters: readonly Filter[];
  own: ReportOwn;
  /** Together with what other sections ask; a section asks again only once it was answered. */
  ask: AskMany;
}

export interface MadePart {
  /** Where the section has no title of its own, or beside it where it makes several parts. */
  title: string;
  blocks: ReportBlock[];
  /** The view behind, as a path of the dashboard. */
  path: string | null;
}

/** A kind of section. */
export interface Section<Kind extends SectionKind> {
  label: string;
  about: string;
  make(section: SectionOf<Kind>, making: Making): Promise<MadePart[]>;
}

export function defineSection<Kind extends SectionKind>(_kind: Kind, section: Section<Kind>): Section<Kind> {
  return section;
}

export const problem = (text: string): ReportBlock => ({ kind: "problem", text });

export function refusalText(errors: readonly FieldError[]): string {
  return errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
}
