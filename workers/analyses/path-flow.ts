// Sessions counted by step and by pair of neighbouring steps: all of them, since a top ten of shards' top tens is wrong.

/** Pages and events by number: `page /about`, `event signup`. */
export interface PathLabels {
  codeOf(row: number): number;
  labelOf(code: number): string;
  /** Codes are below this. */
  count: number;
}

/** Column by column, since a busy site has tens of thousands, which go from one object to another. */
export interface Counted {
  /** A step and the label there, see `stepAndLabel`. */
  near: number[];
  /** The label at the step after; 0 throughout where single steps are counted. */
  far: number[];
  sessions: number[];
}

/** Labels are told by their place in `labels`. Steps are counted away from where paths begin, or end: 0, 1, 2 … */
export interface Flow {
  labels: string[];
  nodes: Counted;
  links: Counted;
}

const noneCounted = (): Counted => ({ near: [], far: [], sessions: [] });

export function emptyFlow(): Flow {
  return { labels: [], nodes: noneCounted(), links: noneCounted() };
}

/** More labels than any site has; with at most ten steps, both fit an integer that needs no memory of its own. */
const MOST_LABELS = 2 ** 22;

const nearOf = (step: number, label: number): number => step * MOST_LABELS + label;

export function stepAndLabel(near: number): [step: number, label: number] {
  return [Math.floor(near / MOST_LABELS), near % MOST_LABELS];
}

/** A slot is near + 1 (0 where it is free), far, sessions and nothing, side by side: to look one up touches memory once. */
const SLOT = 4;
const FIRST_SLOTS = 1024;

const slotOf = (near: number, far: number): number => Math.imul(Math.imul(near, 0x9e3779b1) ^ far, 0x85ebca6b) >>> 7;

/** Sessions by near and far, by open addressing: the keys of a map would be numbers in boxes. */
class CountTable {
  private slots = new Int32Array(FIRST_SLOTS * SLOT);
  private mask = FIRST_SLOTS - 1;
  private used = 0;

  add(near: number, far: number, sessions: number): void {
    const { slots, mask } = this;
    let slot = slotOf(near, far) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const own = slots[slot * SLOT]!;
      if (own === 0) break;
      if (own === near + 1 && slots[slot * SLOT + 1] === far) {
        slots[slot * SLOT + 2]! += sessions;
        return;
      }
    }
    slots[slot * SLOT] = near + 1;
    slots[slot * SLOT + 1] = far;
    slots[slot * SLOT + 2] = sessions;
    this.used += 1;
    if (this.used * 2 > mask) this.makeRoom();
  }

  private makeRoom(): void {
    const { slots } = this;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array((this.mask + 1) * SLOT);
    this.used = 0;
    for (let at = 0; at < slots.length; at += SLOT) {
      if (slots[at] !== 0) this.add(slots[at]! - 1, slots[at + 1]!, slots[at + 2]!);
    }
  }

  counted(): Counted {
    const { slots, used } = this;
    const [near, far, sessions] = [new Int32Array(used), new Int32Array(used), new Int32Array(used)];
    let place = 0;
    for (let at = 0; at < slots.length; at += SLOT) {
      if (slots[at] === 0) continue;
      near[place] = slots[at]! - 1;
      far[place] = slots[at + 1]!;
      sessions[place++] = slots[at + 2]!;
    }
    return { near: [...near], far: [...far], sessions: [...sessions] };
  }
}

/** A flow that grows. */
export class GrowingFlow {
  private places = new Map<string, number>();
  private nodes = new CountTable();
  private links = new CountTable();

  private place(label: string): number {
    const place = this.places.get(label) ?? this.places.size;
    this.places.set(label, place);
    return place;
  }

  /** Adds paths of at most `depth` steps: of the codes that it is given, the first `length` are one. */
  counter({ labelOf, count }: PathLabels, depth: number): (codes: Uint32Array, length: number) => void {
    const { nodes, links } = this;
    const places = new Int32Array(count).fill(-1);
    const placeOf = (code: number): number => {
      if (places[code]! < 0) places[code] = this.place(labelOf(code));
      return places[code]!;
    };
    return (codes, length) => {
      const steps = Math.min(depth, length);
      if (steps === 0) return;
      let near = nearOf(0, placeOf(codes[0]!));
      nodes.add(near, 0, 1);
      for (let step = 1; step < steps; step++) {
        const far = placeOf(codes[step]!);
        links.add(near, far, 1);
        near = nearOf(step, far);
        nodes.add(near, 0, 1);
      }
    };
  }

  add({ labels, nodes, links }: Flow): void {
    const places = labels.map((label) => this.place(label));
    const moved = (near: number) => {
      const [step, label] = stepAndLabel(near);
      return nearOf(step, places[label]!);
    };
    for (const [at, near] of nodes.near.entries()) this.nodes.add(moved(near), 0, nodes.sessions[at]!);
    for (const [at, near] of links.near.entries()) {
      this.links.add(moved(near), places[links.far[at]!]!, links.sessions[at]!);
    }
  }

  flow(): Flow {
    return {
      labels: [...this.places.keys()],
      nodes: this.nodes.counted(),
      links: this.links.counted(),
    };
  }
}

export function mergeFlows(a: Flow, b: Flow): Flow {
  const sum = new GrowingFlow();
  sum.add(a);
  sum.add(b);
  return sum.flow();
}
