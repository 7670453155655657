// Reports: ordered sections over a period. What a section may ask is checked where it is made; here only its grammar.
import * as z from "zod";
import { panelQuestionSchema, panelQuestionShape } from "./board.ts";
import { CHARTS, PLAIN_CHARTS } from "./chart.ts";
import { comparisonSchema, dateRangeSchema, filterSchema } from "./query.ts";
import { type Resource, resourceName } from "./resource.ts";

export const MOST_SECTIONS = 40;
/** Characters of a logo's data: address, some 75 KB of picture. */
const MOST_LOGO = 100_000;

const base = {
  /** Made by the client, and another for each section of the report. */
  id: z.string().min(1).max(60),
  title: z.string().trim().max(200).default(""),
};
const ids = z.array(z.string().min(1).max(60)).max(20);

function sectionOf<Question extends z.ZodType>(question: Question) {
  return z.discriminatedUnion("kind", [
    z.strictObject({ ...base, kind: z.literal("text"), text: z.string().max(10_000) }),
    /** Metrics of the catalogue and own ones, then KPIs by id. */
    z.strictObject({
      ...base,
      kind: z.literal("figures"),
      metrics: z.array(z.string().max(80)).max(20).default([]),
      kpis: ids.default([]),
    }),
    /** One question, drawn or as a table: metrics over time, a breakdown, a funnel, retention, paths. */
    z.strictObject({
      ...base,
      kind: z.literal("question"),
      chart: z.enum(CHARTS).exclude([...PLAIN_CHARTS]),
      question,
      /** Rows that are shown of a long answer. */
      rows: z.int().min(1).max(100).default(10),
    }),
    /** A saved funnel. */
    z.strictObject({ ...base, kind: z.literal("funnel"), funnelId: z.string().min(1).max(60) }),
    /** Every panel of a board, in its order. */
    z.strictObject({ ...base, kind: z.literal("board"), boardId: z.string().min(1).max(60) }),
    /** What changed and why. */
    z.strictObject({ ...base, kind: z.literal("insights"), most: z.int().min(1).max(7).default(7) }),
    /** Own history, own other sites, and figures that were imported. */
    z.strictObject({
      ...base,
      kind: z.literal("benchmarks"),
      metrics: z.array(z.string().max(80)).min(1).max(10),
      sites: ids.default([]),
    }),
    /** Findings of the checks of data. */
    z.strictObject({ ...base, kind: z.literal("quality") }),
    z.strictObject({ ...base, kind: z.literal("page_break") }),
  ]);
}

function reportOf<Question extends z.ZodType>(question: Question) {
  return z.strictObject({
    name: resourceName,
    about: z.string().trim().max(1000).default(""),
    /** What is told when nobody says otherwise; a schedule tells its own. */
    period: dateRangeSchema.default("7d"),
    compare: comparisonSchema.nullable().default({ mode: "previous_period" }),
    filters: z.array(filterSchema).max(20).default([]),
    sections: z
      .array(sectionOf(question))
      .max(MOST_SECTIONS)
      .superRefine((sections, context) => {
        const names = sections.map(({ id }) => id);
        for (const [index, id] of names.entries()) {
          if (names.indexOf(id) === index) continue;
          context.addIssue({ code: "custom", path: [index, "id"], message: `another section has the id ${id}` });
        }
      })
      .default([]),
    brand: z
      .strictObject({
        colour: z
          .string()
          .regex(/^#[0-9a-f]{6}$/i, "use a colour such as #3056d3")
          .default("#3056d3"),
        logo: z
          .string()
          .max(MOST_LOGO, "use a smaller picture, 75 KB or less")
          .regex(/^data:image\/(png|jpeg);base64,[A-Za-z0-9+/]+=*$/, "use a PNG or a JPEG as a data: address")
          .nullable()
          .default(null),
      })
      .default({ colour: "#3056d3", logo: null }),
    /** A private report is its maker's alone. */
    visibility: z.enum(["team", "private"]).default("team"),
  });
}

/** What bodies are read by. */
export const newReportSchema = reportOf(panelQuestionSchema);
/** The same, as documents tell of it. */
export const reportShape = reportOf(panelQuestionShape);

export type NewReport = z.infer<typeof newReportSchema>;
/** What a client sends: defaults may be left out. */
export type NewReportInput = z.input<typeof reportShape>;
export type ReportSection = NewReport["sections"][number];
export type SectionKind = ReportSection["kind"];
export type SectionOf<Kind extends SectionKind> = Extract<ReportSection, { kind: Kind }>;

export interface Report extends NewReport, Resource {}

export const REPORT_FORMATS = ["html", "pdf", "xlsx", "csv", "parquet"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
