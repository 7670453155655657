// Series over time as an SVG, for where there is no browser to draw: mail, messages, documents.
import type { PictureSeries, SeriesPicture } from "../domain/picture.ts";

const COLOURS = ["#3056d3", "#b54708", "#067647", "#7a5af8"] as const;
const INK = "#1d2433";
const FAINT = "#5d6579";
const RULE = "#e3e6ee";
const LIMIT = "#c01c1c";
const LEFT = 52;
const RIGHT = 12;
const TOP = 34;
const BOTTOM = 26;
const TITLE_CHARS = 80;
const DAY_MS = 86_400_000;
/** Beyond it whole numbers are not told apart any more, and nothing of a site is counted so high. */
const MOST = 1e15;
const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Without what XML cannot hold. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, "")
    .replace(/[&<>"']/g, (one) => MARKUP[one] ?? one);

const shortened = (text: string): string => {
  const characters = [...text];
  return characters.length <= TITLE_CHARS ? text : `${characters.slice(0, TITLE_CHARS - 1).join("")}…`;
};

const drawable = (value: number | null): number | null => (value !== null && Math.abs(value) <= MOST ? value : null);

const px = (value: number): string => String(Math.round(value * 10) / 10);

/** Of 1, 2 and 5 times a power of ten the least that is not under it. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((times) => times * power >= rough) ?? 10) * power;
}

/** Round numbers from at or under the least to at or over the most, some four of them. */
export function ticksOf(least: number, most: number): number[] {
  const step = niceStep(Math.max((most - least) / 4, Number.MIN_VALUE * 2 ** 60));
  const first = Math.floor(least / step);
  const count = Math.max(1, Math.ceil(most / step) - first);
  return Array.from({ length: count + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)));
}

const COMPACT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });

function timeTexts({ start, step, timeZone, labels }: SeriesPicture, count: number): (place: number) => string {
  if (labels) return (place) => labels[place] ?? "";
  const isLong = step * count > 4 * DAY_MS;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    ...(isLong ? { day: "numeric", month: "short" } : { weekday: "short", hour: "2-digit", minute: "2-digit" }),
  });
  return (place) => format.format(start + place * step);
}

interface Scale {
  x: (place: number) => number;
  y: (value: number) => number;
  /** Width of a step, pixels. */
  wide: number;
}

function barsOf({ values }: PictureSeries, { x, y, wide }: Scale, colour: string): string {
  const thick = Math.max(1, wide * 0.72);
  return values
    .map((value, place) => {
      if (value === null) return "";
      const [top, foot] = [y(Math.max(value, 0)), y(Math.min(value, 0))];
      const at = x(place) + (wide - thick) / 2;
      return `<rect x="${px(at)}" y="${px(top)}" width="${px(thick)}" height="${px(foot - top)}" fill="${colour}"/>`;
    })
    .join("");
}

/** A point by itself is a dot. */
function lineOf({ values }: PictureSeries, { x, y, wide }: Scale, colour: string): string {
  const path = values
    .map((value, place) => {
      if (value === null) return "";
      const begins = place === 0 || values[place - 1] === null || values[place - 1] === undefined;
      return `${begins ? "M" : "L"}${px(x(place) + wide / 2)} ${px(y(value))}${begins ? "h0" : ""}`;
    })
    .join("");
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`;
}

function text(x: number, y: number, said: string, more = ""): string {
  return `<text x="${px(x)}" y="${px(y)}" ${more}>${escaped(said)}</text>`;
}

function gridOf(ticks: readonly number[], { y }: Scale, width: number): string {
  return ticks
    .map((tick) => {
      const at = y(tick);
      const line = `<line x1="${LEFT}" x2="${width - RIGHT}" y1="${px(at)}" y2="${px(at)}" stroke="${RULE}"/>`;
      return line + text(LEFT - 6, at + 4, COMPACT.format(tick), `text-anchor="end" fill="${FAINT}"`);
    })
    .join("");
}

export function seriesPicture(picture: SeriesPicture): string {
  const { title, width = 560, height = 220 } = picture;
  const series = picture.series.map((one) => ({ ...one, values: one.values.map(drawable) }));
  const threshold = picture.threshold && drawable(picture.threshold.value) !== null ? picture.threshold : undefined;
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const all = [0, ...known, ...(threshold ? [threshold.value] : [])];
  const least = all.reduce((a, b) => Math.min(a, b));
  const most = all.reduce((a, b) => Math.max(a, b));
  const ticks = ticksOf(least, most === least ? least + 1 : most);
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const wide = (width - LEFT - RIGHT) / count;
  const scale: Scale = {
    x: (place) => LEFT + place * wide,
    y: (value) => TOP + ((high - value) / (high - low)) * (height - TOP - BOTTOM),
    wide,
  };
  const timeText = timeTexts(picture, count);
  const labels = [0, 0.25, 0.5, 0.75].map((part) => Math.floor(part * count));
  const drawn = series.map((one, place) => {
    const colour = COLOURS[place % COLOURS.length]!;
    return one.as === "bars" ? barsOf(one, scale, colour) : lineOf(one, scale, colour);
  });
  const limit = threshold && scale.y(threshold.value);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(LEFT, 20, shortened(title), `font-size="13" font-weight="600" fill="${INK}"`),
    gridOf(ticks, scale, width),
    ...drawn,
    ...[...new Set(labels)].map((place) => text(scale.x(place), height - 8, timeText(place), `fill="${FAINT}"`)),
    limit === undefined
      ? ""
      : `<line x1="${LEFT}" x2="${width - RIGHT}" y1="${px(limit)}" y2="${px(limit)}" stroke="${LIMIT}" stroke-width="1.5" stroke-dasharray="5 4"/>`,
    limit === undefined
      ? ""
      : text(width - RIGHT, Math.max(TOP + 10, limit - 5), threshold!.label, `text-anchor="end" fill="${LIMIT}"`),
    "</svg>",
  ].join("\n");
}
