// Numbers for combinations of codes: of one dimension the code itself, of more a number given when first met. Rows,
// sessions and engagement share one space, so that their measures meet in the same group.

import { type Coding, NONE } from "./coding.ts";

export interface GroupSpace {
  /** The group of each item; NONE where some dimension has no value. `codings` in the order of the dimensions. */
  groupsOf(items: Uint32Array, codings: readonly Coding[]): Uint32Array;
  count(): number;
  valuesOf(group: number): string[];
}

/** Combinations of what came before (parents) and one dimension's codes, numbered when first met. */
interface Level {
  /** Codes of the dimension are below this. */
  size: number;
  /** By parent × size + code: the number, -1 for none yet. Null where that would be too long; then `ids` has them. */
  table: Int32Array | null;
  ids: Map<number, number>;
  parents: number[];
  codes: number[];
}

/** Longest table of combinations. */
const MOST_CELLS = 1_000_000;

function levelOf(parents: number, size: number): Level {
  const cells = parents * size;
  const table = cells <= MOST_CELLS ? new Int32Array(cells).fill(-1) : null;
  return { size, table, ids: new Map(), parents: [], codes: [] };
}

function numberOf({ table, ids, parents, codes, size }: Level, parent: number, code: number): number {
  const key = parent * size + code;
  const known = table ? table[key]! : (ids.get(key) ?? -1);
  if (known >= 0) return known;
  const made = parents.length;
  if (table) table[key] = made;
  else ids.set(key, made);
  parents.push(parent);
  codes.push(code);
  return made;
}

function combine(groups: Uint32Array, items: Uint32Array, codes: Uint32Array, level: Level): void {
  for (let index = 0; index < items.length; index++) {
    const code = codes[items[index]!]!;
    const parent = groups[index]!;
    groups[index] = code === NONE || parent === NONE ? NONE : numberOf(level, parent, code);
  }
}

function codesOfItems(items: Uint32Array, codes: Uint32Array): Uint32Array {
  const out = new Uint32Array(items.length);
  for (let index = 0; index < items.length; index++) out[index] = codes[items[index]!]!;
  return out;
}

/** `values`: each dimension's dictionary; all codings of a dimension must use the same one. */
export function groupSpace(values: readonly (readonly string[])[]): GroupSpace {
  // Only of the first dimension is it known beforehand how many combinations there are.
  const levels = values
    .slice(1)
    .map((codes, index) => levelOf(index === 0 ? values[0]!.length : Number.POSITIVE_INFINITY, codes.length));
  return {
    groupsOf(items, codings) {
      const first = codings[0];
      if (!first) return new Uint32Array(items.length);
      const groups = codesOfItems(items, first.codes);
      levels.forEach((level, index) => {
        combine(groups, items, codings[index + 1]!.codes, level);
      });
      return groups;
    },
    count: () => levels.at(-1)?.parents.length ?? values[0]?.length ?? 1,
    valuesOf(group) {
      if (values.length === 0) return [];
      const path: string[] = [];
      let id = group;
      for (let depth = levels.length - 1; depth >= 0; depth--) {
        const level = levels[depth]!;
        path.unshift(values[depth + 1]![level.codes[id]!]!);
        id = level.parents[id]!;
      }
      return [values[0]![id]!, ...path];
    },
  };
}
