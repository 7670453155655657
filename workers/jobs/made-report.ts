// A report as it is sent: its answers, and its files, each made once for all who get it.
import type { MailFile } from "../delivery/channel.ts";
import { once } from "../domain/once.ts";
import { periodOf, rangeText } from "../domain/period.ts";
import type { ReportFormat } from "../domain/report.ts";
import type { ReportDocument } from "../domain/report-document.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { formats as rawFormats } from "../exports/formats/index.ts";
import { RAW_COLUMNS, rawEvents } from "../exports/raw-events.ts";
import type { Cell } from "../exports/table.ts";
import { assetFonts } from "../reporting/asset-fonts.ts";
import { reportDocument } from "../reporting/report-document.ts";
import { reportFormat } from "../reports/formats/index.ts";
import { toldMoment } from "../reports/told-moment.ts";
import type { ReportOrder } from "../store/report-deliveries.ts";
import { findResource } from "../store/resources.ts";
import { scanVisitors } from "../store/scan-visitors.ts";

export interface ReportFile extends MailFile {
  format: string;
}

/** What cannot be made, today or tomorrow. */
export class Unmakeable extends Error {}

export interface MadeReport {
  document: ReportDocument;
  /** Whether the document says all there is; else it says what the files hold. */
  isWhole: boolean;
  /** All but HTML, which each reader has for themselves. */
  files(): Promise<ReportFile[]>;
  /** The page by itself, with links that count nobody. */
  html(): Promise<ReportFile>;
}

export interface ReportAsked {
  site: Site;
  order: ReportOrder;
  dueAt: number;
}

/** Throws `Unmakeable` for what never can be, and what else went wrong. */
export type MakeReport = (env: Env, asked: ReportAsked) => Promise<MadeReport>;

/** Held in memory while it is sent. */
const MOST_RAW_BYTES = 30_000_000;
const ENCODER = new TextEncoder();

/** As a file is called, of a name that may be anything. */
const fileName = (name: string, ending: string): string =>
  `${
    name
      .replaceAll(/[^\p{L}\p{N}._ -]+/gu, "_")
      .slice(0, 80)
      .trim() || "report"
  }.${ending}`;

/** What readers should know before anything else. */
function noted(document: ReportDocument, note: string): ReportDocument {
  if (note === "") return document;
  const blocks = [{ kind: "problem" as const, text: note }];
  return { ...document, parts: [{ id: "", title: "", blocks, path: null, breaksPage: false }, ...document.parts] };
}

async function fileOf(env: Env, document: ReportDocument, format: ReportFormat): Promise<ReportFile> {
  const known = reportFormat(format);
  if (!known) throw new Unmakeable(`reports are not made as ${format} here`);
  const written = await known.write(document, assetFonts(env));
  const content = typeof written === "string" ? ENCODER.encode(written) : written;
  return { name: fileName(document.title, known.extension), type: known.contentType, format, content };
}

async function ofReport(env: Env, { site, order, dueAt }: ReportAsked, reportId: string): Promise<MadeReport> {
  const report = await findResource(env.DB, { siteId: site.id, kind: "report" }, reportId);
  if (!report) throw new Unmakeable("the report was removed");
  const { onAlert, note, formats, origin } = order;
  const now = toldMoment(order.period ?? report.period, { dueAt, timeZone: site.timeZone, onAlert });
  const asked = { period: order.period, now, origin, maker: report.createdBy.id };
  const made = await reportDocument(env, site, report, asked);
  if ("errors" in made) throw new Unmakeable(made.errors.map(({ path, message }) => `${path}: ${message}`).join("; "));
  const document = noted({ ...made, madeAt: Date.now() }, note);
  const others = formats.filter((format) => format !== "html");
  return {
    document,
    isWhole: true,
    // One after the other: each may take all there is of a Worker.
    files: once(async () => {
      const files: ReportFile[] = [];
      for (const format of others) files.push(await fileOf(env, document, format));
      return files;
    }),
    html: once(() => fileOf(env, document, "html")),
  };
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Rows as they come, counted. */
async function* counted(rows: AsyncIterable<Cell[][]>, count: (rows: number) => void): AsyncIterable<Cell[][]> {
  for await (const some of rows) {
    count(some.length);
    yield some;
  }
}

async function rawFile(
  env: Env,
  { site, order }: ReportAsked,
  asked: RawAsked,
): Promise<ReportFile & { rows: number }> {
  const { timeZone } = site;
  const format = rawFormats[asked.format];
  let rows = 0;
  const all = rawEvents(
    { scan: (request, within) => scanVisitors(env, site, { request, within }) },
    {
      ...{ period: asked.period, timeZone, expected: asked.expected },
    },
  );
  const table = {
    name: order.name,
    facts: [
      ["Site", site.id],
      ["Period", asked.days],
      ["Time zone", timeZone],
      ["Order", "by visitorId, then time"],
    ] as const,
    columns: RAW_COLUMNS,
    rows: counted(all, (more) => {
      rows += more;
    }),
  };
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of format.write(table)) {
    bytes += chunk.length;
    if (bytes > MOST_RAW_BYTES)
      throw new Unmakeable("the file is larger than 30 MB: choose a shorter period, or Parquet");
    chunks.push(chunk);
  }
  const content = joined(chunks, bytes);
  return {
    name: fileName(`${order.name} ${asked.days}`, format.ending),
    type: format.type,
    format: asked.format,
    content,
    rows,
  };
}

interface RawAsked {
  format: "csv" | "xlsx" | "parquet";
  period: { from: number; to: number };
  days: string;
  expected: number;
}

/** Some ten thousand visitors at a time, until the shards say more. */
const EXPECTED = 100_000;

async function ofRawEvents(env: Env, asked: ReportAsked): Promise<MadeReport> {
  const { site, order, dueAt } = asked;
  const range = order.period ?? "day";
  const now = toldMoment(range, { dueAt, timeZone: site.timeZone, onAlert: order.onAlert });
  const period = periodOf(range, { now, timeZone: site.timeZone });
  if ("problem" in period) throw new Unmakeable(period.problem);
  const [from, to] = rangeText(period, site.timeZone);
  const [first, last] = [from.slice(0, "2026-11-28".length), to.slice(0, "2026-11-28".length)];
  const days = first === last ? first : `${first} to ${last}`;
  const files: (ReportFile & { rows: number })[] = [];
  for (const format of order.formats) {
    if (format === "html" || format === "pdf") continue;
    files.push(await rawFile(env, asked, { format, period, days, expected: EXPECTED }));
  }
  const items = files.map(({ name, rows }) => ({
    text: `${name}: ${rows} events`,
    tone: "neither" as const,
    link: null,
  }));
  const document = {
    title: order.name,
    site: { id: site.id, name: site.name },
    period: { label: days, from, to, timeZone: site.timeZone },
    comparedWith: null,
    brand: { colour: "#3056d3", logo: null },
    madeAt: Date.now(),
    parts: [
      { id: "events", title: "Raw events", blocks: [{ kind: "list" as const, items }], path: null, breaksPage: false },
    ],
    origin: order.origin,
  };
  return {
    document: noted(document, order.note),
    isWhole: false,
    files: async () => files,
    html: () => fileOf(env, document, "html"),
  };
}

export const madeReport: MakeReport = (env, asked) => {
  const { reportId } = asked.order;
  return reportId === null ? ofRawEvents(env, asked) : ofReport(env, asked, reportId);
};
