// Where everything of a picture of series lies: what an SVG and a page of paper are both drawn from.
import type { PictureSeries, SeriesPicture } from "../domain/picture.ts";

/** Places in pixels from the left and the top; a text's `y` is its baseline. */
export type Mark =
  | { kind: "bar"; x: number; y: number; width: number; height: number; colour: string }
  /** `path` in the grammar of SVG. */
  | { kind: "line"; path: string; colour: string }
  | { kind: "rule"; x1: number; x2: number; y: number; colour: string; isLimit: boolean }
  | TextMark;

export interface TextMark {
  kind: "text";
  x: number;
  y: number;
  text: string;
  colour: string;
  anchor: "start" | "end";
  isTitle: boolean;
}

export interface Marks {
  width: number;
  height: number;
  marks: Mark[];
}

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

export const seriesColour = (place: number): string => COLOURS[place % COLOURS.length]!;

const shortened = (text: string): string => {
  const characters = [...text];
  return characters.length <= TITLE_CHARS ? text : `${characters.slice(0, TITLE_CHARS - 1).join("")}…`;
};

const drawable = (value: number | null): number | null => (value !== null && Math.abs(value) <= MOST ? value : null);

export const px = (value: number): string => String(Math.round(value * 10) / 10);

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

function barsOf({ values }: PictureSeries, { x, y, wide }: Scale, colour: string): Mark[] {
  const thick = Math.max(1, wide * 0.72);
  return values.flatMap((value, place): Mark[] => {
    if (value === null) return [];
    const [top, foot] = [y(Math.max(value, 0)), y(Math.min(value, 0))];
    return [{ kind: "bar", x: x(place) + (wide - thick) / 2, y: top, width: thick, height: foot - top, colour }];
  });
}

/** A point by itself is a dot. */
function lineOf({ values }: PictureSeries, { x, y, wide }: Scale, colour: string): Mark[] {
  const path = values
    .map((value, place) => {
      if (value === null) return "";
      const begins = place === 0 || values[place - 1] === null || values[place - 1] === undefined;
      return `${begins ? "M" : "L"}${px(x(place) + wide / 2)} ${px(y(value))}${begins ? "h0" : ""}`;
    })
    .join("");
  return [{ kind: "line", path, colour }];
}

function text(x: number, y: number, said: string, colour: string, anchor: "start" | "end" = "start"): TextMark {
  return { kind: "text", x, y, text: said, colour, anchor, isTitle: false };
}

function gridOf(ticks: readonly number[], { y }: Scale, width: number): Mark[] {
  return ticks.flatMap((tick): Mark[] => [
    { kind: "rule", x1: LEFT, x2: width - RIGHT, y: y(tick), colour: RULE, isLimit: false },
    text(LEFT - 6, y(tick) + 4, COMPACT.format(tick), FAINT, "end"),
  ]);
}

function limitOf({ label }: { label: string }, at: number, width: number): Mark[] {
  return [
    { kind: "rule", x1: LEFT, x2: width - RIGHT, y: at, colour: LIMIT, isLimit: true },
    text(width - RIGHT, Math.max(TOP + 10, at - 5), label, LIMIT, "end"),
  ];
}

export function marksOf(picture: SeriesPicture): Marks {
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
  const drawn = series.flatMap((one, place) => (one.as === "bars" ? barsOf : lineOf)(one, scale, seriesColour(place)));
  const marks: Mark[] = [
    { ...text(LEFT, 20, shortened(title), INK), isTitle: true },
    ...gridOf(ticks, scale, width),
    ...drawn,
    ...[...new Set(labels)].map((place) => text(scale.x(place), height - 8, timeText(place), FAINT)),
    ...(threshold ? limitOf(threshold, scale.y(threshold.value), width) : []),
  ];
  return { width, height, marks };
}
