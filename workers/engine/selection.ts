// Which rows an answer counts, as lists of row numbers, shared by all requests with the same filters.

import type { Filter } from "../domain/query.ts";
import { type Mask, maskOf } from "./filter.ts";
import { inChunks } from "./pace.ts";
import { EVENT_KIND } from "./sessions.ts";
import { perView, type View } from "./view.ts";

const lists = perView<Uint32Array>();

function keyOf(kind: string, filters: readonly Filter[]): string {
  return `${kind} ${JSON.stringify(filters)}`;
}

async function choose(view: View, filters: readonly Filter[], wanted: (row: number) => boolean): Promise<Uint32Array> {
  const mask: Mask | null = filters.length > 0 ? await maskOf(view, ["and", [...filters]]) : null;
  const rows = new Uint32Array(view.length);
  let count = 0;
  const look = (start: number, end: number) => {
    for (let row = start; row < end; row++) {
      if ((mask === null || mask[row] === 1) && wanted(row)) rows[count++] = row;
    }
  };
  await inChunks(view.length, look, { pace: view.pace, weight: 2 });
  return rows.subarray(0, count);
}

/** Events of the period that pass; `engagement` is none. */
export function eventRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  const { at, kind, period } = view;
  const wanted = (row: number) =>
    kind[row] !== EVENT_KIND.engagement && at[row]! >= period.from && at[row]! < period.to;
  return lists(view, keyOf("events", filters), () => choose(view, filters, wanted));
}

/** `engagement` of the period that passes and belongs to a session. */
export function engagementRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  const { at, kind, period, sessions } = view;
  const wanted = (row: number) =>
    kind[row] === EVENT_KIND.engagement && sessions.ofRow[row]! >= 0 && at[row]! >= period.from && at[row]! < period.to;
  return lists(view, keyOf("engagement", filters), () => choose(view, filters, wanted));
}

/** Events that pass, of sessions begun in the period, wherever in time the event lies. */
export function sessionRows(view: View, filters: readonly Filter[]): Promise<Uint32Array> {
  const { kind, period, sessions } = view;
  const wanted = (row: number) => {
    const start = sessions.start[sessions.ofRow[row]!]!;
    return kind[row] !== EVENT_KIND.engagement && start >= period.from && start < period.to;
  };
  return lists(view, keyOf("session rows", filters), () => choose(view, filters, wanted));
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
