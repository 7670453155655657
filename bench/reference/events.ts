// The reference data set: one site, 30 days, a visitor per five events, 500 paths, four events of five page views, the
// rest sign-ups, purchases, clicks and searches with a numeric property. Columns of numbers, group by group.

import { mixed, picker, streamOf } from "./chance.ts";
import { MOST_VALUE, NAMES, VALUES } from "./values.ts";
import { EVENTS_A_GROUP, type Shape, VISITS_A_GROUP, visitsOf } from "./visits.ts";

export { EVENTS_A_GROUP, type Shape } from "./visits.ts";

/** Events of four visits, in the orders in which they come: ten in all. */
const LENGTHS = [
  [1, 1, 3, 5],
  [5, 1, 1, 3],
  [3, 5, 1, 1],
  [1, 3, 5, 1],
];
/** Visits begin with a page view, so three of nine others make four of five in all. */
const OTHERS = 1 / 3;
const LEAST_GAP_MS = 3_000;
const GAP_MS = 200_000;

/** Rows of a run of groups, visit by visit. Codes are indexes into the lists of `VALUES` and `NAMES`. */
export interface ReferenceRows {
  length: number;
  at: Float64Array;
  visitor: Uint32Array;
  /** A number for each visit, unique in the data set. */
  visit: Uint32Array;
  name: Uint8Array;
  path: Uint16Array;
  /** 0 where the event has none. */
  value: Uint8Array;
}

export interface Traits {
  country: number;
  browser: number;
  os: number;
  device: number;
  referrer: number;
}

export interface Reference {
  events: number;
  visitors: number;
  visits: number;
  groups: number;
  /** The events of the groups from `first` on, `end` left out; in the order of time but for the length of a visit. */
  rows(first: number, end: number): ReferenceRows;
  /** What stays the same of a visitor. */
  traits(visitor: number): Traits;
  /** 16 hex digits. */
  visitorId(visitor: number): string;
  /** The same as a number that SQL can hold, 53 bits. */
  visitorKey(visitor: number): number;
}

const TRAITS = ["country", "browser", "os", "device", "referrer"] as const;
const hex = (word: number) => word.toString(16).padStart(8, "0");

function emptyRows(length: number): ReferenceRows {
  return {
    length,
    at: new Float64Array(length),
    visitor: new Uint32Array(length),
    visit: new Uint32Array(length),
    name: new Uint8Array(length),
    path: new Uint16Array(length),
    value: new Uint8Array(length),
  };
}

export function referenceOf(shape: Shape): Reference {
  const visits = visitsOf(shape);
  const chance = streamOf(mixed(shape.seed + 2));
  const pathOf = picker(VALUES.path.weights);
  const traitOf = TRAITS.map((name) => [name, picker(VALUES[name].weights)] as const);
  const idSeed = mixed(shape.seed + 3);
  const words = (visitor: number) => [mixed(mixed(visitor) ^ idSeed), mixed(visitor + idSeed)] as const;

  /** Writes one visit from row `row` on. */
  function fill(
    rows: ReferenceRows,
    row: number,
    visit: { number: number; visitor: number; at: number; length: number },
  ) {
    let { at } = visit;
    let path = 0;
    chance.seek(visit.number);
    for (let i = 0; i < visit.length; i++) {
      if (i > 0) at += LEAST_GAP_MS + chance.below(GAP_MS);
      const isView = i === 0 || chance.next() >= OTHERS;
      if (isView) path = pathOf(chance.next());
      rows.at[row + i] = at;
      rows.visitor[row + i] = visit.visitor;
      rows.visit[row + i] = visit.number;
      rows.name[row + i] = isView ? 0 : 1 + chance.below(NAMES.length - 1);
      rows.path[row + i] = path;
      rows.value[row + i] = isView ? 0 : 1 + chance.below(MOST_VALUE);
    }
  }

  return {
    events: visits.groups * EVENTS_A_GROUP,
    visitors: visits.visitors,
    visits: visits.groups * VISITS_A_GROUP,
    groups: visits.groups,
    rows(first, end) {
      const rows = emptyRows((end - first) * EVENTS_A_GROUP);
      let row = 0;
      for (let group = first; group < end; group++) {
        const { visitors, starts } = visits.ofGroup(group);
        for (let slot = 0; slot < VISITS_A_GROUP; slot++) {
          const order = LENGTHS[mixed(group * VISITS_A_GROUP + slot - (slot % 4)) % LENGTHS.length]!;
          const length = order[slot % 4]!;
          const number = group * VISITS_A_GROUP + slot;
          fill(rows, row, { number, visitor: visitors[slot]!, at: starts[slot]!, length });
          row += length;
        }
      }
      return rows;
    },
    traits(visitor) {
      chance.seek(visitor ^ 0x5bd1e995);
      const traits = { country: 0, browser: 0, os: 0, device: 0, referrer: 0 };
      for (const [name, pick] of traitOf) traits[name] = pick(chance.next());
      return traits;
    },
    visitorId(visitor) {
      const [high, low] = words(visitor);
      return hex(high) + hex(low);
    },
    visitorKey(visitor) {
      const [high, low] = words(visitor);
      return (high >>> 11) * 4_294_967_296 + low;
    },
  };
}
