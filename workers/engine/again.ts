// Who was here before: of a bucket's visitors, how many were last seen in the same group how many days earlier. With it the
// distinct visitors of any run of days follow from the days' own counts: each visitor is counted on the first day of the run.

import type { Filter } from "../domain/query.ts";
import { NONE, rowCoding } from "./coding.ts";
import { OWN_ID } from "./columns.ts";
import { maskOf } from "./filter.ts";
import { inChunks, type Range } from "./pace.ts";
import { EVENT_KIND } from "./sessions.ts";
import type { View } from "./view.ts";

/** Days before the bucket's → visitors whose event before lies that many days earlier. */
export type Again = Record<string, number>;

interface Seen {
  /** By group: the visitor met last, before the bucket and in it, and the day of the former. */
  before: Uint32Array;
  dayOf: Uint32Array;
  within: Uint32Array;
  /** By group × days: visitors. */
  counts: Float64Array;
  days: number;
}

/** `starts`: of the days before the bucket's, oldest first, and of the bucket's own. */
interface Calendar {
  starts: Float64Array;
  to: number;
}

/** Days are counted from the bucket's own, 0; Infinity before them all. */
function daysBefore({ starts }: Calendar, time: number): number {
  for (let place = starts.length - 1; place >= 0; place--) if (time >= starts[place]!) return starts.length - 1 - place;
  return Number.POSITIVE_INFINITY;
}

function look(seen: Seen, { visitor, at, kind, period }: View, codes: Uint32Array, calendar: Calendar & Range): void {
  const { before, dayOf, within, counts, days } = seen;
  for (let row = calendar.start; row < calendar.end; row++) {
    const group = codes[row]!;
    const time = at[row]!;
    if (group === NONE || kind[row] === EVENT_KIND.engagement || time >= calendar.to) continue;
    const own = visitor[row]!;
    if (time < period.from) {
      const day = daysBefore(calendar, time);
      if (day >= days) continue;
      before[group] = own;
      dayOf[group] = day;
    } else if (within[group] !== own) {
      within[group] = own;
      if (before[group] === own) counts[group * days + dayOf[group]!]! += 1;
    }
  }
}

function againOf(counts: Float64Array): Again | null {
  const found: Again = {};
  let any = false;
  for (let day = 1; day < counts.length; day++) {
    if (counts[day] === 0) continue;
    found[day] = counts[day]!;
    any = true;
  }
  return any ? found : null;
}

/** The group of each row by its code; none where the row does not pass. */
async function groupsOf(view: View, dimension: string | null, filters: readonly Filter[]) {
  const coding = dimension === null ? null : await rowCoding(view, dimension);
  const values = coding ? coding.values : [""];
  const codes = coding ? coding.codes : new Uint32Array(view.length);
  if (filters.length === 0) return { codes, values };
  const mask = await maskOf(view, ["and", [...filters]]);
  return { codes: codes.map((code, row) => (mask[row] === 1 ? code : NONE)), values };
}

export interface AgainRequest {
  dimension: string | null;
  /** Starts of the days before that count, oldest first, and of the day on which the period begins. */
  dayStarts: readonly number[];
  filters: readonly Filter[];
}

/** By value of the dimension ("" alone without one): the visitors of the view's period who were here on a day before. */
export async function countAgain(
  view: View,
  { dimension, dayStarts, filters }: AgainRequest,
): Promise<Map<string, Again>> {
  const found = new Map<string, Again>();
  const days = dayStarts.length;
  if (days < 2) return found;
  const { codes, values } = await groupsOf(view, dimension, filters);
  const nobody = () => new Uint32Array(values.length).fill(NONE);
  const seen = {
    before: nobody(),
    dayOf: nobody(),
    within: nobody(),
    counts: new Float64Array(values.length * days),
    days,
  };
  const calendar = { starts: Float64Array.from(dayStarts), to: view.period.to };
  const step = (start: number, end: number) => look(seen, view, codes, { ...calendar, start, end });
  await inChunks(view.length, step, { pace: view.pace, weight: 3 });
  values.forEach((value, group) => {
    const again = againOf(seen.counts.subarray(group * days, (group + 1) * days));
    if (again) found.set(value, again);
  });
  return found;
}

/** Visitors of the period whose id is not made anew each day. */
export async function countLasting(view: View): Promise<number> {
  const { codes, dict } = await view.text("persistentId");
  const own = dict.indexOf(OWN_ID);
  if (own < 0) return 0;
  let count = 0;
  let last = NONE;
  for (let row = 0; row < view.length; row++) {
    if (codes[row] !== own || view.visitor[row] === last) continue;
    if (view.at[row]! < view.period.from || view.at[row]! >= view.period.to) continue;
    last = view.visitor[row]!;
    count++;
  }
  return count;
}
