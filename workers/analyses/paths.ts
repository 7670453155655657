import * as z from "zod";
import { type Filter, filterSchema } from "../domain/query.ts";
import { matcherSchema } from "../domain/question.ts";
import { type Mask, maskOf } from "../engine/filter.ts";
import { sessionRows } from "../engine/selection.ts";
import { EVENT_KIND } from "../engine/sessions.ts";
import type { View } from "../engine/view.ts";
import { asks, defineAnalysis } from "./analysis.ts";
import { emptyFlow, type Flow, flowCounter, mergeFlows, type PathLabels } from "./path-flow.ts";
import { type PathsResult, sankeyOf } from "./path-sankey.ts";

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

/** A session's rows that are steps, from its beginning or the anchor away; none when it never reached the anchor. */
function stepsOf(view: View, rows: Uint32Array, { anchor, params: own }: { anchor: Mask | null; params: Params }) {
  const isStep = (row: number) => {
    const isPage = view.kind[row] === EVENT_KIND.pageview;
    return own.steps === "all" || isPage === (own.steps === "pages");
  };
  if (!anchor) return rows.filter(isStep);
  const reached = rows.findIndex((row) => anchor[row] === 1);
  if (reached < 0) return new Uint32Array();
  const backwards = own.anchor?.direction === "to";
  const away = backwards ? rows.slice(0, reached + 1).reverse() : rows.slice(reached);
  return away.filter((row, index) => index === 0 || isStep(row));
}

async function read(view: View, own: Params, filters: readonly Filter[]): Promise<Flow> {
  const rows = await sessionRows(view, filters);
  const anchor = own.anchor ? await maskOf(view, own.anchor.filter) : null;
  const labels = await labelsOf(view);
  const counter = flowCounter(labels, own.depth);
  const { ofRow } = view.sessions;
  let start = 0;
  while (start < rows.length) {
    let end = start + 1;
    while (end < rows.length && ofRow[rows[end]!] === ofRow[rows[start]!]) end++;
    const codes = Array.from(stepsOf(view, rows.subarray(start, end), { anchor, params: own }), labels.codeOf);
    counter.add(own.repeats ? codes : codes.filter((code, index) => code !== codes[index - 1]));
    const rest = view.pace.spend((end - start) * 10);
    if (rest) await rest;
    start = end;
  }
  return counter.flow();
}

/** Which ways sessions take, step by step, as nodes and links. */
export const paths = defineAnalysis({
  name: "paths",
  params,
  columns: () => ["event:page", "event:name"],
  init: emptyFlow,
  step: async (view, state, { params: own, filters }) => mergeFlows(state, await read(view, own, filters)),
  merge: mergeFlows,
  finish: (flow, { depth, limit, anchor }): PathsResult =>
    sankeyOf(flow, { depth, limit, direction: anchor?.direction ?? "from" }),
  shape: "paths",
  ask,
});
