// Sessions counted by step and by pair of neighbouring steps: all of them, since a top ten of shards' top tens is wrong.

/** Pages and events by number: `page /about`, `event signup`. */
export interface PathLabels {
  codeOf(row: number): number;
  labelOf(code: number): string;
  /** Codes are below this. */
  count: number;
}

/** Labels are told by their place in `labels`. Steps are counted away from where paths begin, or end: 0, 1, 2 … */
export interface Flow {
  labels: string[];
  nodes: [step: number, label: number, sessions: number][];
  /** From `step` to the step after. */
  links: [step: number, near: number, far: number, sessions: number][];
}

export function emptyFlow(): Flow {
  return { labels: [], nodes: [], links: [] };
}

/** More labels than any site has, so that a step and two labels make one whole number. */
const MOST_LABELS = 2 ** 22;

const nodeKey = (step: number, label: number) => step * MOST_LABELS + label;
const linkKey = (step: number, near: number, far: number) => (step * MOST_LABELS + near) * MOST_LABELS + far;

/** A flow that grows in place. */
interface Growing {
  places: Map<string, number>;
  nodes: Map<number, Flow["nodes"][number]>;
  links: Map<number, Flow["links"][number]>;
}

const growing = new WeakMap<Flow, Growing>();

function growingOf(flow: Flow): Growing {
  const known = growing.get(flow);
  if (known) return known;
  const made: Growing = {
    places: new Map(flow.labels.map((label, place) => [label, place])),
    nodes: new Map(flow.nodes.map((node) => [nodeKey(node[0], node[1]), node])),
    links: new Map(flow.links.map((link) => [linkKey(link[0], link[1], link[2]), link])),
  };
  growing.set(flow, made);
  return made;
}

/** Adds sessions to the flow, in place. */
function adderTo(flow: Flow) {
  const { places, nodes, links } = growingOf(flow);
  return {
    place(label: string): number {
      const known = places.get(label);
      if (known !== undefined) return known;
      places.set(label, flow.labels.length);
      return flow.labels.push(label) - 1;
    },
    node(step: number, label: number, sessions: number): void {
      const key = nodeKey(step, label);
      const known = nodes.get(key);
      if (known) known[2] += sessions;
      else {
        const node: Flow["nodes"][number] = [step, label, sessions];
        nodes.set(key, node);
        flow.nodes.push(node);
      }
    },
    link([step, near, far]: readonly [number, number, number], sessions: number): void {
      const key = linkKey(step, near, far);
      const known = links.get(key);
      if (known) known[3] += sessions;
      else {
        const link: Flow["links"][number] = [step, near, far, sessions];
        links.set(key, link);
        flow.links.push(link);
      }
    },
  };
}

/** Adds paths of at most `depth` steps to the flow, in place. */
export function flowCounter(flow: Flow, { labelOf, count }: PathLabels, depth: number) {
  const to = adderTo(flow);
  const places = new Int32Array(count).fill(-1);
  const placeOf = (code: number): number => {
    if (places[code]! < 0) places[code] = to.place(labelOf(code));
    return places[code]!;
  };
  return {
    /** Of `codes` the first `length` are a path. */
    add(codes: Uint32Array, length: number): void {
      const steps = Math.min(depth, length);
      for (let step = 0; step < steps; step++) {
        const near = placeOf(codes[step]!);
        to.node(step, near, 1);
        if (step + 1 < steps) to.link([step, near, placeOf(codes[step + 1]!)], 1);
      }
    },
  };
}

export function mergeFlows(a: Flow, b: Flow): Flow {
  const sum = emptyFlow();
  const to = adderTo(sum);
  for (const { labels, nodes, links } of [a, b]) {
    const places = labels.map((label) => to.place(label));
    for (const [step, label, sessions] of nodes) to.node(step, places[label]!, sessions);
    for (const [step, near, far, sessions] of links) to.link([step, places[near]!, places[far]!], sessions);
  }
  return sum;
}
