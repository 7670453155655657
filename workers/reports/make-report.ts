// A report with its answers. Sections are made side by side; one that fails says so in its place, and the rest stands.
import { comparisonPeriod, type DateRange, firstPartOf, type Period, periodOf, rangeText } from "../domain/period.ts";
import { type QueryResult, querySchema } from "../domain/query.ts";
import type { NewReport, ReportSection } from "../domain/report.ts";
import type { ReportDocument, ReportPart } from "../domain/report-document.ts";
import type { Site } from "../domain/site.ts";
import type { Refusal } from "../query/normalize.ts";
import { isRefusal } from "../query/run.ts";
import { inRounds } from "./rounds.ts";
import { type AskMany, type MadePart, type Making, problem, type ReportPorts, type Section } from "./section.ts";
import { sections } from "./sections/index.ts";

export interface ReportAsked {
  site: Site;
  report: NewReport;
  /** Null for the report's own. */
  period: DateRange | null;
  /** Milliseconds. */
  now: number;
  /** Where the dashboard is. */
  origin: string;
}

/** Where `all` begins is told by the answer to a question of it. */
async function earliestOf(site: Site, range: DateRange, ask: AskMany): Promise<number | undefined> {
  if (range !== "all") return undefined;
  const [answer] = await ask([querySchema.parse({ site_id: site.id, metrics: ["visitors"], date_range: range })]);
  const told = (answer as QueryResult | Refusal | undefined) ?? { errors: [] }; // of metrics
  const asked = isRefusal(told) ? range : told.query.date_range;
  return typeof asked === "string" ? undefined : Date.parse(asked[0]);
}

type Spans = Pick<Making, "range" | "compare" | "span">;

async function spansOf({ site, report, period: asked, now }: ReportAsked, ask: AskMany): Promise<Spans | Refusal> {
  const { timeZone } = site;
  const range = asked ?? report.period;
  const earliest = await earliestOf(site, range, ask);
  const whole = periodOf(range, { now, timeZone, ...(earliest !== undefined && { earliest }) });
  if ("problem" in whole) return { errors: [{ path: "period", message: whole.problem }] };
  if (now < whole.from) return { errors: [{ path: "period", message: "has not begun; choose another" }] };
  const other = report.compare && comparisonPeriod(range, whole, { compared: report.compare, timeZone });
  if (other && "problem" in other) return { errors: [{ path: "compare.date_range", message: other.problem }] };
  const running = whole.to > now;
  const cut = (one: Period) => (running ? firstPartOf(one, now - whole.from) : one);
  const span = { whole, period: cut(whole), comparison: other && cut(other), running };
  return { range, compare: other && report.compare, span };
}

/** `1 November 2026 to 7 November 2026`. */
function daysText({ from, to }: Period, timeZone: string): string {
  const date = new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "long", year: "numeric" });
  const [first, last] = [date.format(from), date.format(to - 1)];
  return first === last ? first : `${first} to ${last}`;
}

const FAILED = "This part could not be made. It was logged; make the report again in a while.";

function partsOf(section: ReportSection, made: readonly MadePart[]): ReportPart[] {
  return made.map(({ title, blocks, path }, place) => ({
    id: section.id,
    title: place === 0 && section.title !== "" ? section.title : title,
    ...{ blocks, path, breaksPage: false },
  }));
}

/** A page break is the next part's. */
function inPages(all: readonly { section: ReportSection; parts: ReportPart[] }[]): ReportPart[] {
  let breaks = false;
  return all.flatMap(({ section, parts }) => {
    if (section.kind === "page_break") breaks = true;
    return parts.map((part) => {
      const breaksPage = breaks;
      breaks = false;
      return { ...part, breaksPage };
    });
  });
}

/** A refusal names what of the report cannot be. Throws where nothing at all could be asked. */
export async function makeReport(asked: ReportAsked, ports: ReportPorts): Promise<ReportDocument | Refusal> {
  const { site, report, now, origin } = asked;
  const spans = await spansOf(asked, ports.ask);
  if ("errors" in spans) return spans;
  const { filters } = report;
  const making = { ...ports, ...spans, site, now, filters, own: await ports.own() };
  const outcomes = await inRounds(
    ports.ask,
    report.sections.map((section) => (ask: AskMany) => {
      const kind = sections[section.kind] as Section<typeof section.kind>; // of that very kind
      return kind.make(section, { ...making, ask });
    }),
  );
  const failures = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const asking = report.sections.filter(({ kind }) => kind !== "text" && kind !== "page_break").length;
  if (failures.length > 0 && failures.length === asking) throw failures[0];
  const all = report.sections.map((section, place) => {
    const outcome = outcomes[place]!;
    if (outcome.status === "fulfilled") return { section, parts: partsOf(section, outcome.value) };
    ports.failed(section.id, outcome.reason);
    return { section, parts: partsOf(section, [{ title: "", blocks: [problem(FAILED)], path: null }]) };
  });
  const { period, comparison, running } = spans.span;
  const [from, to] = rangeText(period, site.timeZone);
  const label = daysText(period, site.timeZone);
  return {
    title: report.name,
    site: { id: site.id, name: site.name },
    period: { label: running ? `${label}, so far` : label, from, to, timeZone: site.timeZone },
    comparedWith: comparison && daysText(comparison, site.timeZone),
    brand: report.brand,
    madeAt: now,
    parts: inPages(all),
    origin,
  };
}
