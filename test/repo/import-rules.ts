// Breaches of the import table, each with its remedy.

import { FEATURES, ROOMS, roomOf } from "./rooms.ts";
import type { Source } from "./source.ts";
import { type Import, importsOf } from "./syntax.ts";

/** One line a breach: where, what, and what to do instead. */
export function importBreaches(source: Source): string[] {
  const room = roomOf(source.path);
  if (room === null) return [];
  const rules = room === undefined ? undefined : ROOMS[room];
  if (room === undefined || !rules) {
    return [`${source.path}: no room of this name; put the file in a room, or add the room to test/repo/rooms.ts`];
  }
  return importsOf(source).flatMap((found) => {
    if (found.path === null) return [];
    const target = roomOf(found.path);
    if (target === room || isAllowed(rules, target, found)) return [];
    return [`${source.path}:${found.line}: ${remedy(room, target ?? "test", found)}`];
  });
}

function isAllowed(
  rules: { values: readonly string[]; types?: readonly string[] },
  target: string | null | undefined,
  found: Import,
): boolean {
  if (!target) return false;
  return rules.values.includes(target) || (found.typeOnly && (rules.types ?? []).includes(target));
}

function remedy(room: string, target: string, found: Import): string {
  const rules = ROOMS[room];
  if (!found.typeOnly && rules?.types?.includes(target)) {
    return `${room} takes only types from ${target}: write \`import type\`, or move the value of ${found.specifier} down`;
  }
  if (FEATURES.includes(room) && FEATURES.includes(target)) {
    return `features never import each other (${room} → ${target}): combine them in api or jobs`;
  }
  const allowed = [...(rules?.values ?? []), ...(rules?.types ?? []).map((name) => `${name} (types)`)];
  const may = allowed.length > 0 ? allowed.join(", ") : "nothing of ours";
  return `${room} may not import ${target} (${found.specifier}): move what it needs down, or take it as an argument; ${room} imports ${may}`;
}

/** Cycles of value imports, each as the list of its files. */
export function importCycles(sources: Source[]): string[][] {
  const edges = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap((found) => (found.path && !found.typeOnly ? [found.path] : [])),
    ]),
  );
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), path]);
    if (seenAt >= 0 || finished.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return cycles;
}
