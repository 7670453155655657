// Which rows an answer counts, as lists of row numbers, shared by all requests with the same filters.

import type { Filter } from "../domain/query.ts";
import { type Mask, maskOf } from "./filter.ts";
import { inChunks, type Range } from "./pace.ts";
import { EVENT_KIND } from "./sessions.ts";
import { perView, type View } from "./view.ts";

const lists = perView<Uint32Array>();

function keyOf(kind: string, filters: readonly Filter[]): string {
  return `${kind} ${JSON.stringify(filters)}`;
}

/** Appends the rows of [start, end) that are wanted and pass; returns how many there are by then. */
function chooseRows(
  into: Uint32Array,
  wanted: Uint8Array,
  mask: Mask | null,
  { start, end, count }: Range & { count: number },
) {
  let next = count;
  for (let row = start; row < end; row++) {
    // Written always, kept when it counts: a branch that cannot be foretold costs more.
    into[next] = row;
    next += mask === null ? wanted[row]! : wanted[row]! & mask[row]!;
  }
  return next;
}

/** Rows that pass, of those that are wanted. */
async function choose(view: View, filters: readonly Filter[], wanted: Uint8Array): Promise<Uint32Array> {
  const mask: Mask | null = filters.length > 0 ? await maskOf(view, ["and", [...filters]]) : null;
  const rows = new Uint32Array(view.length);
  let count = 0;
  const look = (start: number, end: number) => {
    count = chooseRows(rows, wanted, mask, { start, end, count });
  };
  await inChunks(view.length, look, { pace: view.pace, weight: 2 });
  return rows.subarray(0, count);
}

/** Products of truths rather than branches: which rows pass cannot be foretold. */
function markInPeriod(wanted: Uint8Array, { at, kind, period: { from, to } }: View, isEngagement: number): void {
  for (let row = 0; row < wanted.length; row++) {
    const time = at[row]!;
    const engages = Number(kind[row] === EVENT_KIND.engagement);
    wanted[row] = Number(time >= from) & Number(time < to) & (engages ^ isEngagement ^ 1);
  }
}

function inPeriod(view: View, isEngagement: boolean): Uint8Array {
  const wanted = new Uint8Array(view.length);
  markInPeriod(wanted, view, Number(isEngagement));
  return wanted;
}

/** Events of the period that pass; `engagement` is none. */
export function eventRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  return lists(view, keyOf("events", filters), () => choose(view, filters, inPeriod(view, false)));
}

/** `engagement` of the period that passes and belongs to a session. */
export function engagementRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  return lists(view, keyOf("engagement", filters), () => {
    const wanted = inPeriod(view, true);
    const { ofRow } = view.sessions;
    for (let row = 0; row < wanted.length; row++) if (ofRow[row]! < 0) wanted[row] = 0;
    return choose(view, filters, wanted);
  });
}

/** Events that pass, of sessions begun in the period, wherever in time the event lies. */
export function sessionRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  return lists(view, keyOf("session rows", filters), () => {
    const { kind, sessions, length } = view;
    const { from, to } = view.period;
    const { ofRow, start } = sessions;
    const wanted = new Uint8Array(length);
    for (let row = 0; row < length; row++) {
      if (kind[row] === EVENT_KIND.engagement) continue;
      const begun = start[ofRow[row]!]!;
      wanted[row] = begun >= from && begun < to ? 1 : 0;
    }
    return choose(view, filters, wanted);
  });
}

/** Sessions begun in the period with at least one event that passes. */
export function sessionsOf(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  return lists(view, keyOf("sessions", filters), async () => {
    const rows = await sessionRows(view, filters);
    const { ofRow } = view.sessions;
    const chosen = new Uint32Array(rows.length);
    let count = 0;
    for (const row of rows) {
      const session = ofRow[row]!;
      if (count === 0 || chosen[count - 1] !== session) chosen[count++] = session;
    }
    return chosen.slice(0, count);
  });
}
