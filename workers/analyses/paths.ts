import * as z from "zod";
import { type Filter, filterSchema } from "../domain/query.ts";
import { matcherSchema } from "../domain/question.ts";
import { type Mask, maskOf } from "../engine/filter.ts";
import { inChunks } from "../engine/pace.ts";
import { sessionRows } from "../engine/selection.ts";
import { EVENT_KIND } from "../engine/sessions.ts";
import type { View } from "../engine/view.ts";
import { asks, defineAnalysis } from "./analysis.ts";
import { emptyFlow, type Flow, GrowingFlow, mergeFlows, type PathLabels } from "./path-flow.ts";
import { type PathsResult, sankeyOf } from "./path-sankey.ts";
import { pathsSheet } from "./sheets.ts";

export type { PathsResult } from "./path-sankey.ts";

const STEP_KINDS = ["pages", "events", "all"] as const;
const depthSchema = z.int().min(2).max(10);
const limitSchema = z.int().min(1).max(100);

const asked = z.strictObject({
  /** Paths begin at a session's first such event, or end at it; without either they begin with the session. */
  from: matcherSchema.optional(),
  to: matcherSchema.optional(),
  /** What a step is: page views, other events, or both. The event that paths begin or end at is always one. */
  steps: z.enum(STEP_KINDS, `use one of ${STEP_KINDS.join(", ")}`).default("pages"),
  /** Steps of a path, that event included. */
  depth: depthSchema.default(5),
  /** Pages or events shown at each step; the others are summed as one. */
  limit: limitSchema.default(10),
  /** Whether the same page or event twice running is two steps. */
  repeats: z.boolean().default(false),
});

const params = z.strictObject({
  anchor: z.strictObject({ filter: filterSchema, direction: z.enum(["from", "to"]) }).nullable(),
  steps: z.enum(STEP_KINDS),
  depth: depthSchema,
  limit: limitSchema,
  repeats: z.boolean(),
});
type Params = z.infer<typeof params>;

const ask = asks(asked, ({ from, to, ...written }, question): Params => {
  if (from && to) question.refuse("params.to", "use from or to; of paths from one to the other a funnel tells");
  const direction = to ? "to" : "from";
  const matcher = from ?? to;
  const filter = matcher && question.matcher(matcher, `params.${direction}`);
  return { ...written, anchor: filter ? { filter, direction } : null };
});

async function labelsOf(view: View): Promise<PathLabels> {
  const paths = await view.text("path");
  const names = await view.text("name");
  const first = paths.dict.length;
  return {
    // One number for pages and events alike: those of events follow those of pages.
    codeOf: (row) => (view.kind[row] === EVENT_KIND.pageview ? paths.codes[row]! : first + names.codes[row]!),
    labelOf: (code) => (code < first ? `page ${paths.dict[code]}` : `event ${names.dict[code - first]}`),
    count: first + names.dict.length,
  };
}

interface PathReading {
  view: View;
  labels: PathLabels;
  anchor: Mask | null;
  params: Params;
}

/** Writes the codes of one session's steps, from its beginning or the anchor away, as far as asked for; returns how many. */
function pathReader({ view, labels, anchor, params: own }: PathReading, codes: Uint32Array) {
  const { kind } = view;
  const { depth, repeats, steps } = own;
  const backwards = own.anchor?.direction === "to";
  const wanted = (row: number) => steps === "all" || (kind[row] === EVENT_KIND.pageview) === (steps === "pages");

  /** Rows start to end of the list are the session's. */
  return (rows: Uint32Array, start: number, end: number): number => {
    let first = start;
    if (anchor) {
      while (first < end && anchor[rows[first]!] !== 1) first++;
      if (first === end) return 0;
    }
    let length = 0;
    const move = backwards ? -1 : 1;
    for (let index = first; index >= start && index < end && length < depth; index += move) {
      const row = rows[index]!;
      // The anchor is a step, whatever it is.
      if (!(anchor && index === first) && !wanted(row)) continue;
      const code = labels.codeOf(row);
      if (repeats || length === 0 || codes[length - 1] !== code) codes[length++] = code;
    }
    return length;
  };
}

const growing = new WeakMap<Flow, GrowingFlow>();

function growingOf(flow: Flow): GrowingFlow {
  const known = growing.get(flow);
  if (known) return known;
  const made = new GrowingFlow();
  made.add(flow);
  growing.set(flow, made);
  return made;
}

/** A row among the session's steps, in units of `Pace`. */
const STEP_WEIGHT = 4;

/** Adds the view's sessions to what grows of `flow`. */
async function read(
  view: View,
  flow: Flow,
  { own, filters }: { own: Params; filters: readonly Filter[] },
): Promise<Flow> {
  const rows = await sessionRows(view, filters);
  const anchor = own.anchor ? await maskOf(view, own.anchor.filter) : null;
  const labels = await labelsOf(view);
  const count = growingOf(flow).counter(labels, own.depth);
  const codes = new Uint32Array(own.depth);
  const pathOf = pathReader({ view, labels, anchor, params: own }, codes);
  const { ofRow } = view.sessions;
  let start = 0;
  const walk = (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const isLast = index + 1 === rows.length || ofRow[rows[index + 1]!] !== ofRow[rows[index]!];
      if (!isLast) continue;
      count(codes, pathOf(rows, start, index + 1));
      start = index + 1;
    }
  };
  await inChunks(rows.length, walk, { pace: view.pace, weight: STEP_WEIGHT });
  return flow;
}

/** Which ways sessions take, step by step, as nodes and links. */
export const paths = defineAnalysis({
  name: "paths",
  label: "Paths",
  about: "Which pages or events follow each other in a session.",
  params,
  columns: () => ["event:page", "event:name"],
  init: emptyFlow,
  step: (view, state, { params: own, filters }) => read(view, state, { own, filters }),
  close: (flow) => growing.get(flow)?.flow() ?? flow,
  merge: mergeFlows,
  finish: (flow, { depth, limit, anchor }): PathsResult =>
    sankeyOf(flow, { depth, limit, direction: anchor?.direction ?? "from" }),
  shape: "paths",
  ask,
  sheet: pathsSheet,
});
