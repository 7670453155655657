// A report as HTML: a page by itself, or a mail that holds in common clients. Nothing is fetched from elsewhere.
import type { ReportBlock, ReportColumn, ReportDocument, ReportPart, Shown } from "../../domain/report-document.ts";
import { seriesPicture } from "../../drawing/series-picture.ts";
import { notShown } from "../figure-text.ts";
import { columnsPicture } from "./columns-picture.ts";
import { DARK_STYLE } from "./dark-mail.ts";
import { escaped } from "./escaped.ts";
import { defineReportFormat } from "./format.ts";
import {
  bar,
  cell,
  changeUnder,
  dataTable,
  FAINT,
  FONT,
  figureRow,
  headRow,
  INK,
  item,
  layout,
  link,
  NARROW,
  note,
  PAGE,
  paragraph,
  RULE,
  SHEET,
  shade,
  stackedRow,
} from "./html-parts.ts";

export interface HtmlOptions {
  /** Charts are then made of table cells, since mail clients show no SVG. */
  forMail?: boolean;
  /** The address of a view behind: the dashboard's origin and the path when left out. */
  linkTo?: (path: string, partId: string) => string;
  /** Where the mail carries the logo, such as `cid:logo`; without it a mail has none, since many clients show no data: address. */
  logo?: string;
  /** Where one can stop getting it. */
  unsubscribe?: string;
}

interface Drawing extends Required<Pick<HtmlOptions, "linkTo" | "forMail">> {
  colour: string;
  partId: string;
  /** Of the part. */
  heading: string;
}

/** More are too wide for a phone, on which mail clients move nothing sideways. */
const MOST_COLUMNS = 4;
/** Of a grid's narrow ones, beside the names of its rows. */
const MOST_BESIDE = 6;

type Of<Kind extends ReportBlock["kind"]> = Extract<ReportBlock, { kind: Kind }>;

function pictureHtml({ picture, columns, rows }: Of<"picture">, { forMail, colour, heading }: Drawing): string {
  if (forMail) return columnsPicture(picture, rows, { colour, heading });
  const svg = encodeURIComponent(seriesPicture(picture)).replaceAll("'", "%27");
  const image = `<img src="data:image/svg+xml,${svg}" alt="${escaped(picture.title)}" width="560" style="display:block;width:100%;max-width:100%;height:auto;margin:0 0 8px">`;
  const summary = `<summary style="cursor:pointer;font-size:13px;color:${FAINT}">Figures</summary>`;
  return `${image}<details style="margin:0 0 12px">${summary}${tableHtml({ kind: "table", columns, rows, more: 0 }, false)}</details>`;
}

/** Phones have no room for what a number was before: how it changed stands beneath it. */
function foldedCells(columns: readonly ReportColumn[], cells: readonly Shown[], underFirst = ""): string[] {
  return columns.flatMap(({ type, held }, place) => {
    if (held !== undefined) return [];
    let under = place === 0 ? underFirst : "";
    for (let next = place + 1; columns[next]?.held !== undefined; next++) {
      if (columns[next]?.held === "change") under += changeUnder(cells[next]!);
    }
    return [cell(cells[place]!, type, { under })];
  });
}

function tableHtml({ columns, rows, more }: Of<"table">, forMail: boolean): string {
  const rest = more > 0 ? `<p style="margin:0 0 12px;font-size:13px;color:${FAINT}">${notShown(more)}</p>` : "";
  if (forMail && columns.filter(({ held }) => held === undefined).length > MOST_COLUMNS) {
    return layout(rows.map((row) => stackedRow(columns, row)).join(""), "margin:0 0 12px;") + rest;
  }
  const lines = rows.map((row) => `<tr>${foldedCells(columns, row).join("")}</tr>`);
  return dataTable(headRow(columns) + lines.join("")) + rest;
}

function barsHtml({ columns, rows }: Of<"bars">, colour: string): string {
  const lines = rows.map(({ cells, share }) => {
    return `<tr>${foldedCells(columns, cells, bar(share, colour)).join("")}</tr>`;
  });
  return dataTable(headRow(columns) + lines.join(""));
}

/** Side by side as many as a phone has room for, each with the names of the rows. */
function gridHtml(grid: Of<"grid">, { forMail, colour }: Pick<Drawing, "forMail" | "colour">): string {
  const { columns } = grid;
  const beside = forMail ? MOST_BESIDE : columns.length;
  const bands: string[] = [];
  for (let from = 1; from === 1 || from < columns.length; from += beside) {
    bands.push(bandHtml(grid, [from, from + beside], colour));
  }
  return bands.join("");
}

function bandHtml({ columns, rows }: Of<"grid">, [from, to]: readonly [number, number], colour: string): string {
  const own = <T>(all: readonly T[]): T[] => [...all.slice(0, 1), ...all.slice(from, to)];
  const look = columns.length > MOST_COLUMNS ? NARROW : "";
  const lines = rows.map(({ cells, shares }) => {
    // The first column names the row.
    const looks = cells.map((one, place) => {
      const share = place === 0 ? null : (shares[place - 1] ?? null);
      const style = look + (share === null ? "" : shade(colour, share));
      return cell(one, columns[place]?.type ?? "text", { style });
    });
    return `<tr>${own(looks).join("")}</tr>`;
  });
  return dataTable(headRow(own(columns), look) + lines.join(""));
}

function blockHtml(block: ReportBlock, drawing: Drawing): string {
  switch (block.kind) {
    case "paragraph":
      return paragraph(block.text);
    case "list": {
      const items = block.items.map(({ text, tone, link: path }) =>
        item(text, tone, path === null ? "" : link(drawing.linkTo(path, drawing.partId), "See it")),
      );
      return layout(items.join(""), "margin:0 0 12px;");
    }
    case "figures":
      return layout(block.figures.map(figureRow).join(""), "margin:0 0 12px;");
    case "picture":
      return pictureHtml(block, drawing);
    case "table":
      return tableHtml(block, drawing.forMail);
    case "bars":
      return barsHtml(block, drawing.colour);
    case "grid":
      return gridHtml(block, drawing);
    case "problem":
      return note(block.text);
  }
}

function partHtml(part: ReportPart, drawing: Omit<Drawing, "partId" | "heading">): string {
  const { id, title, blocks, path, breaksPage } = part;
  const head =
    title &&
    `<h2 dir="auto" style="margin:0 0 10px;font-size:18px;line-height:1.3;color:${INK}">${escaped(title)}</h2>`;
  const body = blocks.map((block) => blockHtml(block, { ...drawing, partId: id, heading: title })).join("");
  const more =
    path === null
      ? ""
      : `<p style="margin:0;font-size:13px">${link(drawing.linkTo(path, id), "Open in the dashboard")}</p>`;
  const breaks = breaksPage ? "page-break-before:always;break-before:page;" : "";
  return `<tr><td style="padding:20px 20px 8px;${breaks}">${head}${body}${more}</td></tr>`;
}

function headHtml({ title, site, period, comparedWith, brand }: ReportDocument, logo: string | null): string {
  const image =
    logo === null
      ? ""
      : `<img src="${escaped(logo)}" alt="${escaped(site.name)}" height="40" style="display:block;height:40px;width:auto;margin:0 0 12px">`;
  const told = comparedWith === null ? period.label : `${period.label}, compared with ${comparedWith}`;
  return (
    `<tr><td height="6" bgcolor="${brand.colour}" style="background-color:${brand.colour};font-size:0;line-height:6px">&nbsp;</td></tr>` +
    `<tr><td style="padding:20px 20px 12px;border-bottom:1px solid ${RULE}">${image}` +
    `<h1 dir="auto" style="margin:0 0 6px;font-size:24px;line-height:1.25;color:${INK}">${escaped(title)}</h1>` +
    `<p dir="auto" style="margin:0;font-size:14px;line-height:1.5;color:${FAINT}">${escaped(site.name)} · ${escaped(told)}</p></td></tr>`
  );
}

function footHtml({ madeAt, period }: ReportDocument, unsubscribe: string | undefined): string {
  const at = new Intl.DateTimeFormat("en-GB", { timeZone: period.timeZone, dateStyle: "long", timeStyle: "short" });
  const stop = unsubscribe === undefined ? "" : ` · ${link(unsubscribe, "Stop these mails")}`;
  return `<tr><td style="padding:16px 20px 24px;border-top:1px solid ${RULE};font-size:12px;line-height:1.5;color:${FAINT}">Made ${escaped(at.format(madeAt))}, ${escaped(period.timeZone)}${stop}</td></tr>`;
}

export function htmlOf(document: ReportDocument, options: HtmlOptions = {}): string {
  const { forMail = false, linkTo = (path) => document.origin + path, unsubscribe } = options;
  const drawing = { forMail, linkTo, colour: document.brand.colour };
  const logo = options.logo ?? (forMail ? null : document.brand.logo);
  const width = forMail ? 600 : 800;
  const rows = [
    headHtml(document, logo),
    ...document.parts.map((part) => partHtml(part, drawing)),
    footHtml(document, unsubscribe),
  ];
  // Fixed, so that a wide table is moved within it and makes it no wider.
  const sheet = layout(
    rows.join("\n"),
    `table-layout:fixed;max-width:${width}px;margin:0 auto;background-color:${SHEET};`,
  );
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta name="color-scheme" content="${forMail ? "light dark" : "light"}">${forMail ? DARK_STYLE : ""}`,
    `<title>${escaped(document.title)}</title></head>`,
    `<body style="margin:0;padding:0;background-color:${PAGE};${FONT}">`,
    layout(
      `<tr><td align="center" style="padding:12px 0">${sheet}</td></tr>`,
      `table-layout:fixed;background-color:${PAGE};`,
    ),
    "</body></html>",
  ].join("\n");
}

export const html = defineReportFormat({
  label: "HTML",
  contentType: "text/html; charset=utf-8",
  extension: "html",
  write: async (document) => htmlOf(document),
});
