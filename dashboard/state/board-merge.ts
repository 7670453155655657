// Two people changed a board at once: what each changed is kept, panel by panel, field by field. Where both changed the same
// field, the later saver's stands, since they see the outcome. Pure.
import type { Panel } from "../../workers/domain/board.ts";
import type { BoardFields } from "./boards.ts";

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function mergeFields<T extends object>(base: T, mine: T, theirs: T): T {
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]) as Set<keyof T>; // of T, since both are
  const merged = { ...theirs };
  for (const key of keys) if (!same(mine[key], base[key])) merged[key] = mine[key];
  return merged;
}

const byId = (panels: readonly Panel[]): Map<string, Panel> => new Map(panels.map((panel) => [panel.id, panel]));

function mergePanels(base: Panel[], mine: Panel[], theirs: Panel[]): Panel[] {
  const [before, own, others] = [byId(base), byId(mine), byId(theirs)];
  const kept = mine.flatMap((panel): Panel[] => {
    const was = before.get(panel.id);
    const other = others.get(panel.id);
    if (was && other) return [mergeFields(was, panel, other)];
    // Removed by them: gone, unless it was changed here.
    if (was && same(was, panel)) return [];
    return [panel];
  });
  const added = theirs.filter(({ id }) => !own.has(id) && !before.has(id));
  // Removed here, but changed by them meanwhile: somebody wants it.
  const rescued = theirs.filter(
    (panel) => !own.has(panel.id) && before.has(panel.id) && !same(before.get(panel.id), panel),
  );
  return [...kept, ...added, ...rescued];
}

export function mergeBoards(base: BoardFields, mine: BoardFields, theirs: BoardFields): BoardFields {
  const fields = mergeFields(base, mine, theirs);
  return { ...fields, panels: mergePanels(base.panels, mine.panels, theirs.panels) };
}
