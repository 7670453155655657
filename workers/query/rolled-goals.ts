// Goals in roll-ups: one by an event is a row of the events by name, one by a page a row of the pages viewed. So goals that
// are new, changed or gone need nothing rolled up again. Pure.

import { type StandardPanel, UNFILTERED_PANELS, VIEWED_PAGES } from "../catalog/standard-panels.ts";
import type { Goal } from "../domain/site.ts";

/** The panel of all events by that dimension. */
export function panelOf(dimension: string | null): StandardPanel | undefined {
  return UNFILTERED_PANELS.find((one) => one.dimension === dimension);
}

/** By key of a panel's row, the names of the goals that it tells of. */
export type Names = ReadonlyMap<string, string[]>;

export interface GoalPanel {
  panel: StandardPanel;
  names: Names;
}

const panelOfKind = { event: panelOf("event:name")!, page: VIEWED_PAGES };

/** Visitors of several pages cannot be told from those of each, nor goals of one name apart. */
function isRolled({ kind, match }: Goal): boolean {
  return kind === "event" || !match.includes("*");
}

/** The rows that tell of all the goals; null where some goal is in none, or there is no goal. */
export function goalPanels(goals: readonly Goal[]): GoalPanel[] | null {
  const areAlike = new Set(goals.map(({ name }) => name)).size < goals.length;
  if (goals.length === 0 || areAlike || !goals.every(isRolled)) return null;
  return [...Map.groupBy(goals, ({ kind }) => kind)].map(([kind, own]) => {
    const byMatch = Map.groupBy(own, ({ match }) => match);
    const names = new Map([...byMatch].map(([match, alike]) => [match, alike.map(({ name }) => name)]));
    return { panel: panelOfKind[kind], names };
  });
}
