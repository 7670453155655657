// A flow as nodes and links to draw: at each step the commonest, and all others summed in one node.

import { NOT_SET } from "../catalog/dimension.ts";
import { type Flow, stepAndLabel } from "./path-flow.ts";

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

type Labelled = [label: number, text: string, sessions: number];

interface Shown {
  byLabel: ReadonlyMap<number, PathNode>;
  rest: PathNode | null;
}

const nodeAt = ({ byLabel, rest }: Shown, label: number): PathNode => byLabel.get(label) ?? rest!; // who has no node is in the rest

function inOrder(a: Labelled, b: Labelled): number {
  return b[2] - a[2] || (a[1] < b[1] ? -1 : 1);
}

function nodeOf(step: number, label: string, sessions: number): PathNode {
  const [kind, value] = label.startsWith("page ")
    ? (["page", label.slice(5)] as const)
    : (["event", label.slice(6)] as const);
  return { id: `${step}:${label}`, step, kind, value: value || NOT_SET, values: 1, sessions, stops: null };
}

function restOf(step: number, others: readonly Labelled[]): PathNode | null {
  if (others.length === 0) return null;
  const sessions = others.reduce((sum, [, , count]) => sum + count, 0);
  return { id: `${step}:rest`, step, kind: "rest", value: "", values: others.length, sessions, stops: null };
}

/** Links between the nodes that are shown, summed where they lead to or from a rest. `shown` has each step's nodes by label, and its rest. */
function linksOf({ links }: Flow, shown: readonly Shown[], direction: Layout["direction"]): PathLink[] {
  const sums = new Map<PathNode, Map<PathNode, PathLink>>();
  links.near.forEach((counted, index) => {
    const [step, label] = stepAndLabel(counted);
    const near = nodeAt(shown[step]!, label);
    const far = nodeAt(shown[step + 1]!, links.far[index]!);
    const others = sums.get(near) ?? new Map<PathNode, PathLink>();
    sums.set(near, others);
    const [source, target] = direction === "from" ? [near, far] : [far, near];
    const link = others.get(far) ?? { source: source.id, target: target.id, sessions: 0 };
    others.set(far, link);
    link.sessions += links.sessions[index]!;
  });
  const list = [...sums.values()].flatMap((others) => [...others.values()]);
  return list.sort((a, b) => b.sessions - a.sessions || (a.source + a.target < b.source + b.target ? -1 : 1));
}

export function sankeyOf(flow: Flow, { depth, limit, direction }: Layout): PathsResult {
  const sign = direction === "from" ? 1 : -1;
  const shown: Shown[] = [];
  const ofSteps: Labelled[][] = Array.from({ length: depth }, () => []);
  flow.nodes.near.forEach((near, index) => {
    const [step, label] = stepAndLabel(near);
    ofSteps[step]!.push([label, flow.labels[label]!, flow.nodes.sessions[index]!]);
  });
  for (const [step, all] of ofSteps.entries()) {
    const place = step === 0 ? 0 : sign * step;
    const top = all.sort(inOrder).slice(0, limit);
    const byLabel = new Map(top.map(([label, text, sessions]) => [label, nodeOf(place, text, sessions)]));
    shown.push({ byLabel, rest: restOf(place, all.slice(limit)) });
  }
  const nodes = shown.flatMap(({ byLabel, rest }) => [...byLabel.values(), ...(rest ? [rest] : [])]);
  const links = linksOf(flow, shown, direction);
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
