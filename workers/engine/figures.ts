// Figures by group: what a question counts under filters of its own, beside the measures that there always are.

import type { Figure, FigureValue } from "../catalog/figure.ts";
import type { Filter } from "../domain/query.ts";
import { NONE } from "./coding.ts";
import { addDistinct, addText, countOf, type Distinct, emptyDistinct } from "./distinct.ts";
import { addProduct } from "./exact-product.ts";
import { addExactly, type ExactSum, roundedSum } from "./exact-sum.ts";
import { type GoalFilter, rowNumbering } from "./group-by.ts";
import { groupSpace } from "./group-space.ts";
import { numberIn } from "./numbers.ts";
import { inChunks, type Range } from "./pace.ts";
import { countPairs } from "./pairs.ts";
import { eventRows } from "./selection.ts";
import { addSpread, addTimes, emptySpread, quantileOf, type Spread } from "./spread.ts";
import type { Grouped } from "./tally.ts";
import type { View } from "./view.ts";

/** A figure's share of one group; which fields it has depends on what it is of. */
export interface FigurePart {
  count: number;
  sum?: ExactSum;
  squares?: ExactSum;
  min?: number;
  max?: number;
  spread?: Spread;
  distinct?: Distinct;
}

export interface FigureRow {
  key: string[];
  /** In the order of the figures; null where nothing was counted. */
  parts: (FigurePart | null)[];
}

export interface FigureRequest {
  figures: readonly Figure[];
  dimensions: readonly string[];
  filters: readonly Filter[];
  goals: readonly GoalFilter[];
}

/** Larger numbers count as text, since their squares could overflow. */
const LARGEST = 1e140;

function tallyItems(counts: Float64Array, groups: Uint32Array, { start, end }: Range): void {
  for (let index = start; index < end; index++) {
    const group = groups[index]!;
    if (group !== NONE) counts[group]! += 1;
  }
}

/** Once for each run of equal owners in a group: rows of a visitor, and of a session, lie together. */
function tallyOwners(
  counts: { own: Float64Array; last: Uint32Array },
  { items, groups }: Grouped,
  owners: Uint32Array | Int32Array,
  { start, end }: Range,
): void {
  const { own, last } = counts;
  for (let index = start; index < end; index++) {
    const group = groups[index]!;
    if (group === NONE) continue;
    const owner = owners[items[index]!]!;
    if (last[group] === owner) continue;
    last[group] = owner;
    own[group]! += 1;
  }
}

/** By group. */
type Parts = Map<number, FigurePart>;

async function countParts(view: View, grouped: Grouped, of: "events" | "visitors" | "visits", size: number) {
  const own = new Float64Array(size);
  const counts = { own, last: new Uint32Array(size).fill(NONE) };
  const owners = of === "visitors" ? view.visitor : of === "visits" ? view.sessions.ofRow : null;
  const step = (start: number, end: number) => {
    if (owners) tallyOwners(counts, grouped, owners, { start, end });
    else tallyItems(own, grouped.groups, { start, end });
  };
  await inChunks(grouped.items.length, step, { pace: view.pace, weight: 2 });
  const parts: Parts = new Map();
  own.forEach((count, group) => {
    if (count > 0) parts.set(group, { count });
  });
  return parts;
}

interface PairColumn {
  codes: Uint32Array;
  dict: readonly string[];
}

async function distinctParts(view: View, grouped: Grouped, { codes, dict }: PairColumn, size: number) {
  const pairs = await countPairs(view, grouped, { codes, width: dict.length, size });
  const parts: Parts = new Map();
  pairs.codes.forEach((code, index) => {
    const text = dict[code]!;
    if (text === "") return;
    const group = pairs.groups[index]!;
    const part = parts.get(group) ?? { count: 0, distinct: emptyDistinct() };
    parts.set(group, part);
    part.count += pairs.times[index]!;
    addText(part.distinct!, text);
  });
  return parts;
}

function addNumber(part: FigurePart, value: number, times: number): void {
  part.count += times;
  addProduct(part.sum!, value, times);
  addProduct(part.squares!, value * value, times);
  part.min = Math.min(part.min!, value);
  part.max = Math.max(part.max!, value);
  if (part.spread) addTimes(part.spread, value, times);
}

function emptyNumbers(value: number, spread: boolean): FigurePart {
  const part: FigurePart = { count: 0, sum: [], squares: [], min: value, max: value };
  return spread ? { ...part, spread: emptySpread() } : part;
}

async function numberParts(view: View, grouped: Grouped, column: PairColumn, of: { size: number; spread: boolean }) {
  const { codes, dict } = column;
  const values = Float64Array.from(dict, (text) => numberIn(text) ?? Number.NaN);
  const pairs = await countPairs(view, grouped, { codes, width: dict.length, size: of.size });
  const parts: Parts = new Map();
  pairs.codes.forEach((code, index) => {
    const value = values[code]!;
    if (!(Math.abs(value) <= LARGEST)) return;
    const group = pairs.groups[index]!;
    const part = parts.get(group) ?? emptyNumbers(value, of.spread);
    parts.set(group, part);
    addNumber(part, value, pairs.times[index]!);
  });
  const rest = view.pace.spend(pairs.codes.length * 20);
  if (rest) await rest;
  return parts;
}

async function partsOf(view: View, figure: Figure, grouped: Grouped, size: number): Promise<Parts> {
  if (figure.of === "numbers") {
    return numberParts(view, grouped, await view.property(figure.property), {
      size,
      spread: figure.percents.length > 0,
    });
  }
  if (figure.of === "values") return distinctParts(view, grouped, await view.property(figure.property), size);
  if (figure.of === "users") return distinctParts(view, grouped, await view.text("userId"), size);
  return countParts(view, grouped, figure.of, size);
}

/** Every group in which some figure counts something, in no particular order. */
export async function figureRows(view: View, request: FigureRequest): Promise<FigureRow[]> {
  const { figures, dimensions, filters, goals } = request;
  const numbering = await rowNumbering(view, { measures: [], dimensions, filters, goals }, "row");
  const codings = numbering[0];
  if (!codings) return [];
  const space = groupSpace(codings.map(({ values }) => values));
  const asked: { place: number; grouped: Grouped }[] = [];
  for (const [place, figure] of figures.entries()) {
    const items = await eventRows(view, [...filters, ...figure.filters]);
    for (const list of numbering) asked.push({ place, grouped: { items, groups: space.groupsOf(items, list) } });
  }
  const rows = new Map<number, FigureRow>();
  for (const { place, grouped } of asked) {
    for (const [group, part] of await partsOf(view, figures[place]!, grouped, space.count())) {
      const row = rows.get(group) ?? { key: space.valuesOf(group), parts: figures.map(() => null) };
      rows.set(group, row);
      row.parts[place] = addPart(row.parts[place] ?? null, part);
    }
  }
  return [...rows.values()];
}

/** Adds `more` to `part`, in place where there is one. */
export function addPart(part: FigurePart | null, more: FigurePart | null): FigurePart | null {
  if (!part || !more) return part ?? more;
  part.count += more.count;
  for (const term of more.sum ?? []) addExactly(part.sum!, term);
  for (const term of more.squares ?? []) addExactly(part.squares!, term);
  if (more.min !== undefined) part.min = Math.min(part.min!, more.min);
  if (more.max !== undefined) part.max = Math.max(part.max!, more.max);
  if (more.spread) addSpread(part.spread!, more.spread);
  if (more.distinct) addDistinct(part.distinct!, more.distinct);
  return part;
}

export function figureValue(part: FigurePart, figure: Figure): FigureValue {
  const { count, sum, squares, min, max, spread, distinct } = part;
  const percents = figure.of === "numbers" && spread ? figure.percents : [];
  const percentiles = percents.map((percent) => {
    const value = quantileOf(spread!, percent / 100, count);
    // The middle of a bucket may lie beyond the outermost value in it.
    return [percent, Math.min(max!, Math.max(min!, value!))] as const;
  });
  return {
    count: distinct ? countOf(distinct) : count,
    exact: distinct ? distinct.texts !== null : spread ? spread.values !== null : true,
    sum: roundedSum(sum ?? []),
    squares: roundedSum(squares ?? []),
    min: min ?? null,
    max: max ?? null,
    percentiles: Object.fromEntries(percentiles),
  };
}
