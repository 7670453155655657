import * as z from "zod";
import { bucketEstimate, bucketsOf } from "../domain/period.ts";
import { type Filter, filterSchema, type QueryNote } from "../domain/query.ts";
import { matcherSchema } from "../domain/question.ts";
import {
  combinedByKey,
  eachPerson,
  joinHistories,
  mergeByKey,
  momentsOf,
  type RowDoings,
  type SharedHistory,
} from "../engine/histories.ts";
import { personsOf } from "../engine/persons.ts";
import { eventRows } from "../engine/selection.ts";
import type { View } from "../engine/view.ts";
import { type Asked, asks, defineAnalysis } from "./analysis.ts";
import { rotationNotes } from "./people.ts";
import {
  addPerson,
  emptyTriangle,
  essential,
  mergeTriangles,
  RETENTION_KINDS,
  type RetentionKind,
  type RetentionRule,
  startsCohort,
  type Triangle,
} from "./retention-count.ts";
import { retentionSheet } from "./sheets.ts";

const GRANULARITIES = ["day", "week", "month"] as const;
type Granularity = (typeof GRANULARITIES)[number];

export interface RetentionResult {
  granularity: Granularity;
  kind: RetentionKind;
  by: "visitor" | "user";
  /** One per bucket of the period, empty ones too. */
  cohorts: {
    /** Local date on which the bucket starts. */
    cohort: string;
    /** People whose first cohort event of the period lies in it. */
    size: number;
    /** By buckets since: those who returned. As long as the period reaches. */
    returned: number[];
  }[];
  /** All cohorts together, by buckets since: those who returned, of the people whose cohort the period reaches so far from. */
  overall: { returned: number; of: number }[];
  /** Visitors with a cohort event whose id changes daily: they cannot be seen returning and are in no cohort. */
  left_out: number;
}

interface RetentionPartial {
  triangle: Triangle;
  /** Of people whom other shards may know. */
  histories: SharedHistory[];
  leftOut: number;
}

const DAY = 24 * 3_600_000;
const SPANS: Record<Granularity, number> = { day: DAY, week: 7 * DAY, month: 0 };
/** The triangle has the square of half as many cells. */
const MOST_BUCKETS = 400;

const bySchema = z.enum(["visitor", "user"], "use visitor or user: a session does not come back");

const asked = z.strictObject({
  /** What makes a person a member of a cohort, the first time in the period; page views when left out. */
  cohort: matcherSchema.default({ event: "pageview" }),
  /** What counts as coming back; the same as `cohort` when left out. */
  return: matcherSchema.optional(),
  granularity: z.enum(GRANULARITIES, `use one of ${GRANULARITIES.join(", ")}`).default("week"),
  /**
   * `bounded`: back in that very day, week or month of the calendar · `unbounded`: in it or any later one ·
   * `rolling`: in that stretch of 24 or 168 hours, counted from the person's own first event.
   */
  kind: z.enum(RETENTION_KINDS, `use one of ${RETENTION_KINDS.join(", ")}`).default("bounded"),
  by: bySchema.default("visitor"),
});

const params = z.strictObject({
  cohort: filterSchema,
  return: filterSchema,
  granularity: z.enum(GRANULARITIES),
  kind: z.enum(RETENTION_KINDS),
  by: bySchema,
  /** Starts of the period's buckets, milliseconds, and their dates. */
  buckets: z.array(z.strictObject({ start: z.number(), label: z.string() })).min(1),
  elsewhere: z.boolean(),
});
type Params = z.infer<typeof params>;

function bucketsFor(granularity: Granularity, { period, timeZone, refuse }: Asked): Params["buckets"] {
  const estimate = bucketEstimate(period.from, period.to, granularity);
  if (estimate <= MOST_BUCKETS) return bucketsOf(period.from, period.to, granularity, timeZone);
  const message = `${granularity}s make ${estimate} cohorts of this period; use a coarser granularity or fewer days`;
  refuse("params.granularity", message);
  return [];
}

const ask = asks(asked, (written, question): Params => {
  const { cohort, granularity, kind, by } = written;
  const back = written.return ?? cohort;
  if (kind === "rolling" && granularity === "month") {
    question.refuse("params.kind", "months differ in length: use rolling with day or week, or bounded with month");
  }
  return {
    cohort: question.matcher(cohort, "params.cohort"),
    return: question.matcher(back, written.return ? "params.return" : "params.cohort"),
    granularity,
    kind,
    by,
    buckets: bucketsFor(granularity, question),
    elsewhere: question.elsewhere,
  };
});

function ruleOf({ kind, granularity, buckets }: Params): RetentionRule {
  return { kind, starts: buckets.map(({ start }) => start), span: SPANS[granularity] };
}

/** Adds the view's people to `state`, in place. */
async function read(
  view: View,
  state: RetentionPartial,
  { params: own, filters }: { params: Params; filters: readonly Filter[] },
): Promise<RetentionPartial> {
  const moments = await momentsOf(view, await eventRows(view, filters), [own.cohort, own.return]);
  const persons = await personsOf(view, own.by, own.elsewhere);
  const rule = ruleOf(own);
  const visit = (person: number, did: RowDoings) => {
    const key = persons.keyOf(person);
    if (key !== null) state.histories.push({ key, ...essential(did, rule) });
    else if (persons.lasts(person)) addPerson(state.triangle, did, rule);
    else if (startsCohort(did)) state.leftOut += 1;
  };
  await eachPerson(view, moments, { persons, visit });
  return state;
}

function addHistories(triangle: Triangle, histories: readonly SharedHistory[], own: Params): void {
  const rule = ruleOf(own);
  for (const { at, bits } of histories) addPerson(triangle, { length: at.length, at, bits }, rule);
}

/** Where there are no other shards, nobody has to be judged elsewhere. */
function close(state: RetentionPartial, own: Params): RetentionPartial {
  const histories = combinedByKey(state.histories, joinHistories);
  if (own.elsewhere) return { ...state, histories };
  addHistories(state.triangle, histories, own);
  return { ...state, histories: [] };
}

function merge(a: RetentionPartial, b: RetentionPartial): RetentionPartial {
  return {
    triangle: mergeTriangles(a.triangle, b.triangle),
    histories: mergeByKey(a.histories, b.histories, joinHistories),
    leftOut: a.leftOut + b.leftOut,
  };
}

function overallOf({ sizes, returned }: Triangle): RetentionResult["overall"] {
  return sizes.map((_, since) => {
    const reached = sizes.length - since;
    return {
      returned: returned.slice(0, reached).reduce((sum, counts) => sum + counts[since]!, 0),
      of: sizes.slice(0, reached).reduce((sum, size) => sum + size, 0),
    };
  });
}

function finish(partial: RetentionPartial, own: Params): RetentionResult {
  const shared = emptyTriangle(own.buckets.length);
  addHistories(shared, partial.histories, own);
  const triangle = mergeTriangles(partial.triangle, shared);
  return {
    granularity: own.granularity,
    kind: own.kind,
    by: own.by,
    cohorts: own.buckets.map(({ label }, cohort) => ({
      cohort: label,
      size: triangle.sizes[cohort]!,
      returned: triangle.returned[cohort]!,
    })),
    overall: overallOf(triangle),
    left_out: partial.leftOut,
  };
}

function notes({ left_out }: RetentionResult, { period }: { period: { from: number; to: number } }): QueryNote[] {
  return rotationNotes(left_out, period, "whoever has one cannot be seen coming back, and is in no cohort");
}

/** Of those who first did something in a day, week or month, how many came back how much later. */
export const retention = defineAnalysis({
  name: "retention",
  label: "Retention",
  about: "Who comes back, by the time at which they came first.",
  params,
  columns: () => [],
  init: (own): RetentionPartial => ({ triangle: emptyTriangle(own.buckets.length), histories: [], leftOut: 0 }),
  step: read,
  close,
  merge,
  finish,
  shape: "retention",
  ask,
  sheet: retentionSheet,
  notes,
});
