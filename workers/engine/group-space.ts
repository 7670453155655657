// Numbers for combinations of codes: of one dimension the code itself, of more a number given when first met. Rows,
// sessions and engagement share one space, so that their measures meet in the same group.

import { type Coding, NONE } from "./coding.ts";

export interface GroupSpace {
  /** The group of each item; NONE where some dimension has no value. `codings` in the order of the dimensions. */
  groupsOf(items: Uint32Array, codings: readonly Coding[]): Uint32Array;
  count(): number;
  valuesOf(group: number): string[];
}

interface Level {
  ids: Map<number, number>;
  parents: number[];
  codes: number[];
}

function combine(groups: Uint32Array, items: Uint32Array, coding: Coding, level: Level): void {
  const { ids, parents, codes } = level;
  const size = coding.values.length;
  for (let index = 0; index < items.length; index++) {
    const code = coding.codes[items[index]!]!;
    const parent = groups[index]!;
    if (code === NONE || parent === NONE) {
      groups[index] = NONE;
      continue;
    }
    const key = parent * size + code;
    let id = ids.get(key);
    if (id === undefined) {
      id = parents.length;
      ids.set(key, id);
      parents.push(parent);
      codes.push(code);
    }
    groups[index] = id;
  }
}

/** `values`: each dimension's dictionary; all codings of a dimension must use the same one. */
export function groupSpace(values: readonly (readonly string[])[]): GroupSpace {
  const levels = values.slice(1).map((): Level => ({ ids: new Map(), parents: [], codes: [] }));
  return {
    groupsOf(items, codings) {
      const first = codings[0];
      if (!first) return new Uint32Array(items.length);
      const groups = items.map((item) => first.codes[item]!);
      levels.forEach((level, index) => {
        combine(groups, items, codings[index + 1]!, level);
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
