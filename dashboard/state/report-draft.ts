// A report while it is composed: which sections there can be, and what adding, moving and removing one makes of it. Pure.
import type { NewReport, Report, ReportSection, SectionKind } from "../../workers/domain/report.ts";
import type { IconName } from "./icon-paths.ts";

interface SectionText {
  label: string;
  about: string;
  icon: IconName;
}

/** In the order in which they are offered. */
export const SECTIONS: Readonly<Record<SectionKind, SectionText>> = {
  insights: { label: "Insights", about: "What changed, and why", icon: "spark" },
  figures: { label: "Key figures", about: "Metrics and KPIs against before", icon: "target" },
  question: { label: "Chart or table", about: "One question, drawn", icon: "pulse" },
  funnel: { label: "Funnel", about: "A saved one", icon: "funnel" },
  board: { label: "Board", about: "Each of its panels", icon: "board" },
  benchmarks: { label: "Benchmarks", about: "Own history, own other sites, imported figures", icon: "table" },
  quality: { label: "Data quality", about: "What the checks found", icon: "check" },
  text: { label: "Text", about: "Words of your own", icon: "note" },
  page_break: { label: "Page break", about: "On paper, what follows begins a page", icon: "expand" },
};

export const sectionKinds = Object.keys(SECTIONS) as SectionKind[]; // exactly these

export const MOST_REPORT_SECTIONS = 40;

type QuestionSection = Extract<ReportSection, { kind: "question" }>;

const figures = (dimensions: string[]): QuestionSection["question"] => ({
  metrics: ["visitors"],
  dimensions,
  filters: [],
  include: {},
  pagination: { limit: 100, offset: 0 },
});

/** Questions to begin with; what they ask can then be changed. */
export const QUESTION_STARTS = [
  { label: "Visitors over time", chart: "line", question: figures(["time"]) },
  { label: "Top pages", chart: "table", question: figures(["event:page"]) },
  {
    label: "Weekly retention",
    chart: "heat_map",
    question: { analysis: "retention", params: { granularity: "week" } },
  },
] as const;

function bodyOf(kind: SectionKind): Omit<ReportSection, "id" | "title"> {
  const bodies: { [Kind in SectionKind]: Omit<Extract<ReportSection, { kind: Kind }>, "id" | "title"> } = {
    text: { kind: "text", text: "" },
    figures: { kind: "figures", metrics: ["visitors", "visits", "pageviews", "bounce_rate"], kpis: [] },
    question: { kind: "question", chart: "line", question: figures(["time"]), rows: 10 },
    funnel: { kind: "funnel", funnelId: "" },
    board: { kind: "board", boardId: "" },
    insights: { kind: "insights", most: 7 },
    benchmarks: { kind: "benchmarks", metrics: ["visitors"], sites: [] },
    quality: { kind: "quality" },
    page_break: { kind: "page_break" },
  };
  return bodies[kind];
}

export const newSection = (kind: SectionKind, id: string): ReportSection =>
  ({ ...bodyOf(kind), id, title: "" }) as ReportSection; // the body of its kind, whole by these two

/** Who reads a list of sections knows this one by it. */
export const sectionName = ({ kind, title }: Pick<ReportSection, "kind" | "title">): string =>
  title === "" ? SECTIONS[kind].label : title;

/** The list with what stood at `from` at `to`; places beyond the ends are the ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.toSpliced(from, 1);
  const place = Math.min(rest.length, Math.max(0, to));
  return rest.toSpliced(place, 0, ...list.slice(from, from + 1));
}

export const replaced = <T extends { id: string }>(list: readonly T[], by: T): T[] =>
  list.map((one) => (one.id === by.id ? by : one));

export const reportFields = (report: Report): NewReport => {
  const { name, about, period, compare, filters, sections, brand, visibility } = report;
  return { name, about, period, compare, filters, sections, brand, visibility };
};

export const isChanged = (base: Report, draft: NewReport): boolean =>
  JSON.stringify(reportFields(base)) !== JSON.stringify(draft);

/** What is not chosen yet cannot be asked; the rest of the report is shown meanwhile. */
function isWhole(section: ReportSection): boolean {
  if (section.kind === "funnel") return section.funnelId !== "";
  if (section.kind === "board") return section.boardId !== "";
  if (section.kind === "figures") return section.metrics.length + section.kpis.length > 0;
  return section.kind !== "benchmarks" || section.metrics.length > 0;
}

/** What the preview is asked for: a report needs a name, and a draft may not have one yet. */
export const previewed = (draft: NewReport): NewReport => ({
  ...draft,
  name: draft.name.trim() === "" ? "Report" : draft.name,
  sections: draft.sections.filter(isWhole),
});

/** The field of a section that a complaint is about, and which section. */
export function complaintOf(path: string): { section: number; field: string } | null {
  const [, place, field = ""] = /^sections\.(\d+)(?:\.(.*))?$/.exec(path) ?? [];
  return place === undefined ? null : { section: Number(place), field };
}

type Range = NewReport["period"];

export const REPORT_PERIODS = {
  day: "Today",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "28d": "Last 28 days",
  "30d": "Last 30 days",
  "91d": "Last 91 days",
  month: "This month",
  "6mo": "Last 6 months",
  "12mo": "Last 12 months",
  year: "This year",
} as const satisfies Partial<Record<Extract<Range, string>, string>>;

export type ReportPeriod = keyof typeof REPORT_PERIODS;

export const isReportPeriod = (range: unknown): range is ReportPeriod =>
  typeof range === "string" && Object.hasOwn(REPORT_PERIODS, range);

export function periodText(range: Range): string {
  if (isReportPeriod(range)) return REPORT_PERIODS[range];
  if (Array.isArray(range)) return `${range[0].slice(0, 10)} to ${range[1].slice(0, 10)}`;
  if (range === "all") return "All time";
  const [, count, unit] = /^(\d+)(d|mo)$/.exec(range) ?? [];
  return count === undefined ? range : `Last ${count} ${unit === "d" ? "days" : "months"}`;
}

export const COMPARED = {
  previous_period: "The period before",
  year_over_year: "A year before",
  none: "Nothing",
} as const;
export type Compared = keyof typeof COMPARED;

/** Null where it is compared with days of its own. */
export function comparedOf(compare: NewReport["compare"]): Compared | null {
  if (compare === null) return "none";
  return compare.mode === "custom" ? null : compare.mode;
}

export const compareBy = (compared: Compared): NewReport["compare"] =>
  compared === "none" ? null : { mode: compared };
