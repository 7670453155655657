// Which lines of which open imports the shard has taken. An imported event's id is `import:line`, that of a replayed one
// `id@import:line`.
import { exclude, holds, type Intervals, include } from "./intervals.ts";

export interface ImportLines {
  add(id: string): boolean;
  has(id: string): boolean;
  remove(id: string): void;
  ranges(importId: string): Intervals;
  restore(importId: string, ranges: Intervals): void;
  forget(importId: string): void;
  importIds(): string[];
}

function split(id: string): [string, number] {
  const colon = id.lastIndexOf(":");
  return [id.slice(id.lastIndexOf("@", colon) + 1, colon), Number(id.slice(colon + 1))];
}

export function createImportLines(): ImportLines {
  const imports = new Map<string, Intervals>();
  const rangesOf = (importId: string): Intervals => {
    const ranges = imports.get(importId) ?? [];
    imports.set(importId, ranges);
    return ranges;
  };
  return {
    add(id) {
      const [importId, line] = split(id);
      return include(rangesOf(importId), line);
    },
    has(id) {
      const [importId, line] = split(id);
      return holds(imports.get(importId) ?? [], line);
    },
    remove(id) {
      const [importId, line] = split(id);
      exclude(rangesOf(importId), line);
    },
    ranges: (importId) => imports.get(importId) ?? [],
    restore(importId, ranges) {
      imports.set(importId, ranges);
    },
    forget(importId) {
      imports.delete(importId);
    },
    importIds: () => [...imports.keys()],
  };
}
