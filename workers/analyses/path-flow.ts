// Sessions counted by step and by pair of neighbouring steps: all of them, since a top ten of shards' top tens is wrong.

/** Pages and events by number: `page /about`, `event signup`. */
export interface PathLabels {
  codeOf(row: number): number;
  labelOf(code: number): string;
  /** Codes are below this. */
  count: number;
}

export interface Flow {
  /** Steps are counted away from where paths begin, or end: 0, 1, 2 … */
  nodes: [step: number, label: string, sessions: number][];
  /** From `step` to the step after. */
  links: [step: number, near: string, far: string, sessions: number][];
}

export function emptyFlow(): Flow {
  return { nodes: [], links: [] };
}

/** Adds up paths, each a list of codes of which the first `depth` count. */
export function flowCounter({ labelOf, count }: PathLabels, depth: number) {
  const nodes = new Map<number, number>();
  const links = new Map<number, number>();
  return {
    add(codes: readonly number[]): void {
      const steps = Math.min(depth, codes.length);
      for (let step = 0; step < steps; step++) {
        const node = step * count + codes[step]!;
        nodes.set(node, (nodes.get(node) ?? 0) + 1);
        if (step + 1 === steps) continue;
        const link = node * count + codes[step + 1]!;
        links.set(link, (links.get(link) ?? 0) + 1);
      }
    },
    flow: (): Flow => ({
      nodes: [...nodes].map(([node, sessions]) => [Math.floor(node / count), labelOf(node % count), sessions]),
      links: [...links].map(([link, sessions]) => {
        const node = Math.floor(link / count);
        return [Math.floor(node / count), labelOf(node % count), labelOf(link % count), sessions];
      }),
    }),
  };
}

function merged<Row extends [...unknown[], number]>(a: readonly Row[], b: readonly Row[]): Row[] {
  const rows = new Map<string, Row>();
  for (const row of [...a, ...b]) {
    const key = JSON.stringify(row.slice(0, -1));
    const known = rows.get(key);
    const sessions = Number(known?.at(-1) ?? 0) + Number(row.at(-1));
    rows.set(key, row.with(-1, sessions) as Row); // the count is the last of each row
  }
  return [...rows.values()];
}

export function mergeFlows(a: Flow, b: Flow): Flow {
  if (a.nodes.length === 0) return b;
  return { nodes: merged(a.nodes, b.nodes), links: merged(a.links, b.links) };
}
