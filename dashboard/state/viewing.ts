// What a page looks at is the address: reading it subscribes to navigation, changing it navigates.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Scope } from "./questions.ts";
import { navigate, place } from "./router.ts";
import { parseView, printView, toggleFilter, type View, type ViewFilter } from "./view.ts";

type Part = Partial<View> | ((view: View) => Partial<View>);

export interface Viewing extends Scope {
  /** A function gets the view of this moment, which may be newer than what is on the screen. */
  change: (part: Part, options?: { replace?: boolean }) => void;
  toggle: (filter: ViewFilter) => void;
  /** Sets a page's own parameters of the address; null removes one. */
  set: (own: Record<string, string | null>, options?: { replace?: boolean }) => void;
}

export const ViewingContext = createContext<Viewing | null>(null);

export function useViewing(): Viewing {
  const viewing = useContext(ViewingContext);
  if (!viewing) throw new Error("useViewing needs a ViewingContext around it");
  return viewing;
}

export function viewingOf(scope: Scope): Viewing {
  const change: Viewing["change"] = (part, options = {}) => {
    const { path, query } = place.peek();
    const view = parseView(query);
    const changed = typeof part === "function" ? part(view) : part;
    const printed = printView({ ...view, ...changed });
    navigate(printed === "" ? path : `${path}?${printed}`, options);
  };
  return {
    ...scope,
    change,
    toggle: (filter) => change(({ filters }) => ({ filters: toggleFilter(filters, filter) })),
    set: (own, options) =>
      change(({ own: before }) => {
        const entries = Object.entries({ ...before, ...own });
        return { own: Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null)) };
      }, options),
  };
}
