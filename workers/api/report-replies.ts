// Reports, and reports with their answers, as the API tells of them.
import * as z from "zod";
import type { SeriesPicture } from "../domain/picture.ts";
import { type Report, reportShape } from "../domain/report.ts";
import type {
  ReportBlock,
  ReportColumn,
  ReportDocument,
  ReportFigure,
  ReportPart,
  Shown,
} from "../domain/report-document.ts";
import { nextSchema } from "./paging.ts";
import { resourceReply } from "./resource-reply.ts";

export const reportReply = reportShape.extend(resourceReply).meta({ id: "Report" }) satisfies z.ZodType<Report>;

const summary = reportShape.pick({ name: true, about: true, period: true, visibility: true });

export const reportsReply = z.strictObject({
  reports: z.array(summary.extend({ ...resourceReply, sections: z.int() })),
  ...nextSchema,
});

const text = z.string();
const number = z.number().nullable();
const tone = z.enum(["better", "worse", "neither"]);

const shown = z
  .strictObject({ value: z.union([z.string(), z.number()]).nullable(), text })
  .meta({ id: "ReportShown" }) satisfies z.ZodType<Shown>;
const cells = z.array(shown);
const column = z
  .strictObject({ label: text, type: z.enum(["text", "number"]), held: z.enum(["before", "change"]).exactOptional() })
  .meta({ id: "ReportColumn" }) satisfies z.ZodType<ReportColumn>;
const columns = z.array(column);

const figure = z
  .strictObject({
    label: text,
    now: shown,
    before: shown.nullable(),
    change: text.nullable(),
    tone,
    target: text.nullable(),
  })
  .meta({ id: "ReportFigure" }) satisfies z.ZodType<ReportFigure>;

const picture = z
  .strictObject({
    title: text,
    series: z.array(z.strictObject({ label: text, values: z.array(number), as: z.enum(["bars", "line"]) })),
    start: z.number(),
    step: z.number(),
    timeZone: text,
    labels: z.array(text).exactOptional(),
    threshold: z.strictObject({ value: z.number(), label: text }).exactOptional(),
    width: z.number().exactOptional(),
    height: z.number().exactOptional(),
  })
  .meta({ id: "ReportPicture" }) satisfies z.ZodType<SeriesPicture>;

const block = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("paragraph"), text }),
    z.strictObject({
      kind: z.literal("list"),
      items: z.array(z.strictObject({ text, tone, link: text.nullable() })),
    }),
    z.strictObject({ kind: z.literal("figures"), figures: z.array(figure) }),
    z.strictObject({ kind: z.literal("picture"), picture, columns, rows: z.array(cells) }),
    z.strictObject({ kind: z.literal("table"), columns, rows: z.array(cells), more: z.int() }),
    z.strictObject({
      kind: z.literal("bars"),
      columns,
      rows: z.array(z.strictObject({ cells, share: z.number() })),
    }),
    z.strictObject({
      kind: z.literal("grid"),
      columns,
      rows: z.array(z.strictObject({ cells, shares: z.array(number) })),
    }),
    z.strictObject({ kind: z.literal("problem"), text }),
  ])
  .meta({ id: "ReportBlock" }) satisfies z.ZodType<ReportBlock>;

const part = z
  .strictObject({ id: text, title: text, blocks: z.array(block), path: text.nullable(), breaksPage: z.boolean() })
  .meta({ id: "ReportPart" }) satisfies z.ZodType<ReportPart>;

export const documentReply = z
  .strictObject({
    title: text,
    site: z.strictObject({ id: text, name: text }),
    period: z.strictObject({ label: text, from: text, to: text, timeZone: text }),
    comparedWith: text.nullable(),
    brand: z.strictObject({ colour: text, logo: text.nullable() }),
    madeAt: z.int(),
    parts: z.array(part),
    origin: text,
  })
  .meta({ id: "ReportDocument" }) satisfies z.ZodType<ReportDocument>;
