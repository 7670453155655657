// A chart of table cells, which every mail client shows: the first series as columns, with its ends and its extremes in words.
import type { SeriesPicture } from "../../domain/picture.ts";
import type { Shown } from "../../domain/report-document.ts";
import { escaped } from "./escaped.ts";
import { FAINT, INK, layout } from "./html-parts.ts";

const HEIGHT = 96;
/** Wide enough to be seen on a phone. */
const MOST_COLUMNS = 62;

/** Neighbours are taken together by their largest where there are too many. */
function narrowed(values: readonly (number | null)[]): (number | null)[] {
  const each = Math.ceil(values.length / MOST_COLUMNS);
  if (each <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / each) }, (_, place) => {
    const some = values.slice(place * each, (place + 1) * each).filter((value) => value !== null);
    return some.length > 0 ? Math.max(...some) : null;
  });
}

function column(value: number | null, most: number, colour: string): string {
  const height = value === null || most <= 0 ? 0 : Math.max(value > 0 ? 1 : 0, Math.round((HEIGHT * value) / most));
  const filled =
    height > 0
      ? `<div style="height:${height}px;line-height:${height}px;font-size:0;background-color:${colour}">&nbsp;</div>`
      : "";
  return `<td valign="bottom" height="${HEIGHT}" style="height:${HEIGHT}px;padding:0 1px;vertical-align:bottom;font-size:0">${filled}</td>`;
}

function extremes(rows: readonly Shown[][]): string {
  const known = rows.filter((row) => typeof row[1]?.value === "number");
  const by = known.toSorted((a, b) => Number(a[1]!.value) - Number(b[1]!.value));
  const [least, most] = [by[0], by.at(-1)];
  if (!least || !most) return "Nothing is known of this period.";
  return `Highest ${most[1]!.text} (${most[0]!.text}), lowest ${least[1]!.text} (${least[0]!.text}).`;
}

interface Look {
  colour: string;
  /** What stands above it, which is not said again. */
  heading: string;
}

function namedAs({ title, series }: SeriesPicture, heading: string): string {
  const [first] = series;
  if (!first || first.label === title) return title === heading ? "" : title;
  return title === heading ? first.label : `${title}: ${first.label}`;
}

export function columnsPicture(picture: SeriesPicture, rows: readonly Shown[][], { colour, heading }: Look): string {
  const [first] = picture.series;
  const values = narrowed(first?.values ?? []);
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const columns = values.map((value) => column(value, most, colour)).join("");
  const [from, to] = [rows[0]?.[0]?.text ?? "", rows.at(-1)?.[0]?.text ?? ""];
  const small = `font-size:12px;line-height:1.4;color:${FAINT}`;
  const named = namedAs(picture, heading);
  const name = named
    ? `<p dir="auto" style="margin:0 0 6px;font-size:14px;font-weight:600;color:${INK}">${escaped(named)}</p>`
    : "";
  // What is not known is no zero.
  if (values.some((value) => value === 0) && values.every((value) => !value))
    return `${name}<p style="margin:0 0 12px;${small}">None in this period.</p>`;
  return [
    name,
    layout(`<tr>${columns}</tr>`, `border-bottom:1px solid ${FAINT};table-layout:fixed;`),
    layout(
      `<tr><td align="left" style="${small}">${escaped(from)}</td><td align="right" style="${small}">${escaped(to)}</td></tr>`,
    ),
    `<p dir="auto" style="margin:4px 0 12px;${small}">${escaped(extremes(rows))}</p>`,
  ].join("");
}
