// Where the nodes and ribbons of a flow lie: a column a step, each node as tall as its visits, ribbons from right edges to left
// ones. Pure; lengths are in the units of the drawing.
import type { Answers } from "../../workers/api/answers.ts";

type Paths = Answers["paths"];

export interface PlacedNode {
  node: Paths["nodes"][number];
  x: number;
  y: number;
  height: number;
}

export interface Ribbon {
  key: string;
  source: PlacedNode;
  target: PlacedNode;
  sessions: number;
  /** Of an SVG path along its middle. */
  path: string;
  width: number;
}

export interface SankeyLayout {
  width: number;
  height: number;
  nodes: PlacedNode[];
  ribbons: Ribbon[];
}

export const NODE_WIDTH = 10;
const GAP = 10;
/** So that a node can be seen and pointed at. */
const LEAST_HEIGHT = 3;

interface Frame {
  columnWidth: number;
  height: number;
}

export function layOut({ nodes, links }: Paths, { columnWidth, height }: Frame): SankeyLayout {
  const columns = [...Map.groupBy(nodes, ({ step }) => step)].sort(([a], [b]) => a - b);
  const mostNodes = Math.max(1, ...columns.map(([, own]) => own.length));
  const most = Math.max(1, ...columns.map(([, own]) => own.reduce((sum, { sessions }) => sum + sessions, 0)));
  const unit = Math.max(0, height - (mostNodes - 1) * GAP) / most;
  const placed = new Map<string, PlacedNode>();
  columns.forEach(([, own], column) => {
    let y = 0;
    for (const node of own) {
      const tall = Math.max(LEAST_HEIGHT, node.sessions * unit);
      placed.set(node.id, { node, x: column * columnWidth, y, height: tall });
      y += tall + GAP;
    }
  });
  const used = new Map<string, number>();
  const take = (end: string, sessions: number) => {
    const before = used.get(end) ?? 0;
    used.set(end, before + sessions * unit);
    return before;
  };
  const ribbons = links.flatMap(({ source, target, sessions }): Ribbon[] => {
    const from = placed.get(source);
    const to = placed.get(target);
    if (!from || !to) return [];
    const width = sessions * unit;
    const y1 = from.y + take(`out ${source}`, sessions) + width / 2;
    const y2 = to.y + take(`in ${target}`, sessions) + width / 2;
    const x1 = from.x + NODE_WIDTH;
    const middle = (x1 + to.x) / 2;
    const path = `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${to.x} ${y2}`;
    return [{ key: `${source} → ${target}`, source: from, target: to, sessions, path, width: Math.max(1, width) }];
  });
  const all = [...placed.values()];
  return {
    width: (columns.length - 1) * columnWidth + NODE_WIDTH,
    height: Math.max(0, ...all.map(({ y, height: tall }) => y + tall)),
    nodes: all,
    ribbons,
  };
}
