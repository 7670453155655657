// The looks of HTML that mail clients keep: tables for layout, styles on each element, nothing from elsewhere.
import type { ReportColumn, ReportFigure, Shown } from "../../domain/report-document.ts";
import { escaped } from "./escaped.ts";

export const INK = "#1d2433";
export const FAINT = "#5d6579";
export const RULE = "#e3e6ee";
export const LINK = "#274bb8";
export const PAGE = "#f4f5f8";
export const SHEET = "#ffffff";
export const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
export const TONES = { better: "#067647", worse: "#b42318", neither: FAINT } as const;

/** A table for layout, which readers of screens do not tell as one. */
export const layout = (rows: string, style = ""): string =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse;${style}">${rows}</table>`;

export const paragraph = (text: string): string =>
  `<p dir="auto" style="margin:0 0 12px;font-size:15px;line-height:1.5;color:${INK}">${escaped(text)}</p>`;

export const note = (text: string): string =>
  layout(
    `<tr><td dir="auto" style="padding:10px 12px;background-color:#fef4e6;border-left:3px solid #b54708;font-size:14px;line-height:1.4;color:${INK}">${escaped(text)}</td></tr>`,
    "margin:0 0 12px;",
  );

export const link = (href: string, text: string): string =>
  `<a href="${escaped(href)}" style="color:${LINK};text-decoration:underline">${escaped(text)}</a>`;

export function item(text: string, tone: ReportFigure["tone"], more: string): string {
  const mark = { better: "▲", worse: "▼", neither: "•" }[tone];
  return (
    `<tr><td valign="top" width="20" style="padding:4px 0;font-size:13px;line-height:1.5;color:${TONES[tone]}">${mark}</td>` +
    `<td dir="auto" style="padding:4px 0;font-size:15px;line-height:1.5;color:${INK}">${escaped(text)}${more && ` ${more}`}</td></tr>`
  );
}

export function figureRow({ label, now, before, change, tone, target }: ReportFigure): string {
  const small = (text: string, colour = FAINT) =>
    `<br><span style="font-size:13px;font-weight:400;color:${colour}">${escaped(text)}</span>`;
  const line = `border-bottom:1px solid ${RULE}`;
  const held = before?.value == null ? null : `from ${before.text}`;
  return (
    `<tr><td dir="auto" valign="top" style="padding:10px 8px 10px 0;${line};font-size:15px;line-height:1.4;color:${INK}">${escaped(label)}${target ? small(`Target: ${target}`) : ""}</td>` +
    `<td align="right" valign="top" style="padding:10px 0;${line};font-size:20px;line-height:1.2;font-weight:600;color:${INK}">${escaped(now.text)}` +
    `${change === null ? "" : small(change, TONES[tone])}${held ? small(held) : ""}</td></tr>`
  );
}

/** Long addresses break, and leave a phone's width to the numbers. */
const TEXT_CELL = "min-width:96px;word-break:break-word;overflow-wrap:anywhere;";
const cellStyle = `padding:6px 8px;border-bottom:1px solid ${RULE};font-size:13px;line-height:1.35;color:${INK}`;

/** Columns that are held against others have no head: see `changeUnder`. */
export function headRow(columns: readonly ReportColumn[], look = ""): string {
  const own = columns.filter(({ held }) => held === undefined);
  const cells = own.map(
    ({ label, type }) =>
      `<th scope="col" align="${type === "number" ? "right" : "left"}" valign="bottom" style="${cellStyle};${look}color:${FAINT};font-weight:600">${escaped(label)}</th>`,
  );
  return `<tr>${cells.join("")}</tr>`;
}

export function cell({ text }: Shown, type: ReportColumn["type"], { style = "", under = "" } = {}): string {
  const wraps = type === "number" ? "white-space:nowrap;" : TEXT_CELL;
  return `<td dir="auto" align="${type === "number" ? "right" : "left"}" valign="top" style="${cellStyle};${wraps}${style}">${escaped(text)}${under}</td>`;
}

/** How a number has changed, beneath it; nothing where that is not known. */
export const changeUnder = ({ value, text }: Shown): string =>
  value === null ? "" : `<br><span style="font-size:12px;color:${FAINT}">${escaped(text)}</span>`;

/** So that a grid of many columns has room on a phone. */
export const NARROW = "padding:6px 3px;min-width:0;font-size:12px;";

/** A row of a table that is wider than a phone: what it is about, then its numbers one beside the other. */
export function stackedRow(columns: readonly ReportColumn[], cells: readonly Shown[]): string {
  const [first, ...rest] = cells.map(({ text }) => escaped(text));
  const told = rest.map((text, place) => {
    const { label = "" } = columns[place + 1] ?? {};
    return `<span style="white-space:nowrap;color:${FAINT}">${escaped(label)}</span>&nbsp;${text}`;
  });
  return (
    `<tr><td dir="auto" valign="top" style="padding:8px 0;border-bottom:1px solid ${RULE};font-size:13px;line-height:1.5;overflow-wrap:anywhere;color:${INK}">` +
    `<b>${first ?? ""}</b><br>${told.join(" · ")}</td></tr>`
  );
}

/** Wide ones are moved sideways where the reader can. */
export const dataTable = (rows: string): string =>
  `<div style="overflow-x:auto;margin:0 0 12px"><table width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse">${rows}</table></div>`;

/** `share` of the width, 0 to 1. */
export function bar(share: number, colour: string): string {
  const part = Math.round(100 * Math.min(1, Math.max(0, share)));
  const full =
    part > 0
      ? `<td width="${part}%" height="8" bgcolor="${colour}" style="background-color:${colour};font-size:0;line-height:8px">&nbsp;</td>`
      : "";
  const rest =
    part < 100 ? `<td width="${100 - part}%" height="8" style="font-size:0;line-height:8px">&nbsp;</td>` : "";
  return layout(`<tr>${full}${rest}</tr>`, "margin-top:4px;");
}

/** The colour over white, as strong as `share`; with ink that can be read on it. */
export function shade(colour: string, share: number): string {
  const strength = 0.08 + 0.72 * Math.min(1, Math.max(0, share));
  const parts = [1, 3, 5].map((at) =>
    Math.round(255 + (Number.parseInt(colour.slice(at, at + 2), 16) - 255) * strength),
  );
  const [red = 255, green = 255, blue = 255] = parts;
  const light = (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
  const hex = parts.map((part) => part.toString(16).padStart(2, "0")).join("");
  return `background-color:#${hex};color:${light > 0.55 ? INK : "#ffffff"};`;
}
