// A flow as nodes and links to draw: at each step the commonest, and all others summed in one node.

import { NOT_SET } from "../catalog/dimension.ts";
import type { Flow } from "./path-flow.ts";

export interface PathNode {
  id: string;
  /** 0 where paths begin, or end; negative before it. */
  step: number;
  /** `rest`: all that the limit leaves out. */
  kind: "page" | "event" | "rest";
  /** "" for the rest. */
  value: string;
  /** Different pages and events in the node: 1, but for the rest. */
  values: number;
  sessions: number;
  /** Of them, those whose session goes no further: ends here, or, where paths lead to an event, began here. Null at the last step. */
  stops: number | null;
}

export interface PathLink {
  /** Ids of nodes, in order of time. */
  source: string;
  target: string;
  sessions: number;
}

export interface PathsResult {
  /** Sessions that have a path. */
  sessions: number;
  nodes: PathNode[];
  links: PathLink[];
}

interface Layout {
  depth: number;
  limit: number;
  direction: "from" | "to";
}

type Naming = (step: number, label: string) => string;

type Labelled = [step: number, label: string, sessions: number];

function inOrder(a: Labelled, b: Labelled): number {
  return b[2] - a[2] || (a[1] < b[1] ? -1 : 1);
}

function nodeOf(step: number, label: string, sessions: number): PathNode {
  const [kind, value] = label.startsWith("page ")
    ? (["page", label.slice(5)] as const)
    : (["event", label.slice(6)] as const);
  return { id: `${step}:${label}`, step, kind, value: value || NOT_SET, values: 1, sessions, stops: null };
}

function restOf(step: number, others: readonly Labelled[]): PathNode[] {
  if (others.length === 0) return [];
  const sessions = others.reduce((sum, [, , count]) => sum + count, 0);
  return [{ id: `${step}:rest`, step, kind: "rest", value: "", values: others.length, sessions, stops: null }];
}

/** Links between the nodes that are shown, summed where they lead to or from a rest. */
function linksOf({ labels, links }: Flow, idOf: Naming, direction: Layout["direction"]): PathLink[] {
  const sums = new Map<string, PathLink>();
  for (const [step, near, far, sessions] of links) {
    const ends = [idOf(step, labels[near]!), idOf(step + 1, labels[far]!)];
    const [source, target] = direction === "from" ? ends : ends.reverse();
    const key = JSON.stringify([source, target]);
    const known = sums.get(key);
    sums.set(key, { source: source!, target: target!, sessions: sessions + (known?.sessions ?? 0) });
  }
  const list = [...sums.values()];
  return list.sort((a, b) => b.sessions - a.sessions || (a.source + a.target < b.source + b.target ? -1 : 1));
}

export function sankeyOf(flow: Flow, { depth, limit, direction }: Layout): PathsResult {
  const sign = direction === "from" ? 1 : -1;
  const shown = new Set<string>();
  const nodes: PathNode[] = [];
  const labelled = flow.nodes.map(([step, label, sessions]): Labelled => [step, flow.labels[label]!, sessions]);
  for (let step = 0; step < depth; step++) {
    const place = step === 0 ? 0 : sign * step;
    const all = labelled.filter(([own]) => own === step).sort(inOrder);
    const top = all.slice(0, limit).map(([, label, sessions]) => nodeOf(place, label, sessions));
    for (const { id } of top) shown.add(id);
    nodes.push(...top, ...restOf(place, all.slice(limit)));
  }
  const idOf: Naming = (step, label) => {
    const place = step === 0 ? 0 : sign * step;
    return shown.has(`${place}:${label}`) ? `${place}:${label}` : `${place}:rest`;
  };
  const links = linksOf(flow, idOf, direction);
  const further = new Map<string, number>();
  for (const { source, target, sessions } of links) {
    const near = direction === "from" ? source : target;
    further.set(near, (further.get(near) ?? 0) + sessions);
  }
  const withStops = nodes.map((node) =>
    Math.abs(node.step) === depth - 1 ? node : { ...node, stops: node.sessions - (further.get(node.id) ?? 0) },
  );
  const sessions = nodes.reduce((sum, node) => sum + (node.step === 0 ? node.sessions : 0), 0);
  return { sessions, nodes: withStops, links };
}
