// A dimension over a view as small integers: one code per row, or per session. Filters and groups work on these.

import type { Dimension, Reading } from "../catalog/dimension.ts";
import { dimensionOf } from "../catalog/dimensions/index.ts";
import { type Bucket, bucketsOf } from "../domain/period.ts";
import { calledBy } from "./called.ts";
import { inChunks, type Range } from "./pace.ts";
import { perView, type View, type ViewColumn } from "./view.ts";

/** No value: the row or session is in no group of the dimension. */
export const NONE = 0xffffffff;

export interface Coding {
  codes: Uint32Array;
  values: readonly string[];
}

const rowCodings = perView<Coding>();
const sessionCodings = perView<Coding>();
const spreadCodings = perView<Coding>();

/** The named dimension; the query room has refused unknown names before a scan starts. */
export function knownDimension(name: string): Dimension {
  const dimension = dimensionOf(name);
  if (!dimension) throw new Error(`no dimension ${name}`);
  return dimension;
}

function coded({ codes, dict }: ViewColumn): Coding {
  return { codes, values: dict };
}

async function pageOfSession(view: View, rows: Int32Array, field: string): Promise<Coding> {
  const { codes, dict } = await view.text(textColumn(field));
  const present = dict.indexOf("");
  const values = present < 0 ? [...dict, ""] : dict;
  const none = present < 0 ? dict.length : present;
  const pages = new Uint32Array(rows.length);
  for (let session = 0; session < rows.length; session++) {
    const row = rows[session]!;
    pages[session] = row < 0 ? none : codes[row]!;
  }
  return { codes: pages, values };
}

function codesOfRows(rows: Int32Array, codes: Uint32Array): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let index = 0; index < rows.length; index++) own[index] = codes[rows[index]!]!;
  return own;
}

function firstOfSession({ sessions: { firstRow } }: View, { codes, dict }: ViewColumn): Coding {
  return { codes: codesOfRows(firstRow, codes), values: dict };
}

interface Clock {
  starts: Float64Array;
  from: number;
  to: number;
}

function assignBuckets(
  codes: Uint32Array,
  times: Float64Array,
  { starts, from, to }: Clock,
  { start, end }: Range,
): void {
  let bucket = 0;
  let least = starts[0]!;
  let most = starts.length > 1 ? starts[1]! : to;
  for (let index = start; index < end; index++) {
    const time = times[index]!;
    if (time < from || time >= to) continue;
    // Neighbours in time mostly share a bucket; the search runs only when they do not.
    if (time < least || time >= most) {
      bucket = bucketAt(starts, time);
      least = starts[bucket]!;
      most = bucket + 1 < starts.length ? starts[bucket + 1]! : to;
    }
    codes[index] = bucket;
  }
}

async function bucketCoding(view: View, times: Float64Array, buckets: Bucket[]): Promise<Coding> {
  const codes = new Uint32Array(times.length).fill(NONE);
  const clock = { starts: Float64Array.from(buckets, (bucket) => bucket.start), ...view.period };
  const assign = (start: number, end: number) => assignBuckets(codes, times, clock, { start, end });
  if (buckets.length > 0) await inChunks(times.length, assign, { pace: view.pace, weight: 2 });
  return { codes, values: buckets.map(({ label }) => label) };
}

function bucketAt(starts: Float64Array, time: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

function readRows(view: View, read: Reading): Promise<Coding> {
  switch (read.from) {
    case "row":
      return view.text(textColumn(read.field)).then(coded);
    case "property":
      return view.property(read.name).then(coded);
    case "bucket":
      return bucketCoding(view, view.at, bucketsOf(view.period.from, view.period.to, read.grain, view.timeZone));
    default:
      throw new Error(`${read.from} is not read by row`);
  }
}

function readSessions(view: View, read: Reading): Promise<Coding> {
  switch (read.from) {
    case "first":
      return view.text(textColumn(read.field)).then((column) => firstOfSession(view, column));
    case "entry":
      return pageOfSession(view, view.sessions.entryRow, read.field);
    case "exit":
      return pageOfSession(view, view.sessions.exitRow, read.field);
    case "bucket":
      return bucketCoding(
        view,
        view.sessions.start,
        bucketsOf(view.period.from, view.period.to, read.grain, view.timeZone),
      );
    default:
      throw new Error(`${read.from} is not read by session`);
  }
}

function textColumn(field: string) {
  if (field === "id") throw new Error("event ids are not kept");
  return field as Exclude<Extract<Reading, { field: string }>["field"], "id">; // Reading allows only text fields
}

/** Whether the dimension is the session's: one value for all its rows. */
export function isOfSession(name: string): boolean {
  return knownDimension(name).scope === "session";
}

/** One code per session. */
export function sessionCoding(view: View, name: string): Promise<Coding> {
  return sessionCodings(view, name, async () => {
    const { read, called } = knownDimension(name);
    const coding = await readSessions(view, read);
    return called ? calledBy(coding, called, view.pace) : coding;
  });
}

function spreadCodes(codes: Uint32Array, own: Uint32Array, ofRow: Int32Array, { start, end }: Range): void {
  for (let row = start; row < end; row++) {
    const session = ofRow[row]!;
    codes[row] = session < 0 ? NONE : own[session]!;
  }
}

async function spread(view: View, coding: Coding): Promise<Coding> {
  const { ofRow } = view.sessions;
  const codes = new Uint32Array(view.length);
  const look = (start: number, end: number) => spreadCodes(codes, coding.codes, ofRow, { start, end });
  await inChunks(view.length, look, { pace: view.pace });
  return { codes, values: coding.values };
}

/** One code per row: of the row itself, or of its session. Time is the row's own, or with `clock: "session"` its session's start. */
export function rowCoding(view: View, name: string, clock: "row" | "session" = "row"): Promise<Coding> {
  const { scope, read } = knownDimension(name);
  const bySession = scope === "session" || (scope === "time" && clock === "session");
  if (!bySession) return rowCodings(view, name, () => readRows(view, read));
  return spreadCodings(view, name, async () => spread(view, await sessionCoding(view, name)));
}
