// The Overview's view is the address: reading it subscribes to navigation, changing it navigates.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Scope } from "./questions.ts";
import { navigate, place, siteHref } from "./router.ts";
import { parseView, printView, toggleFilter, type View, type ViewFilter } from "./view.ts";

type Part = Partial<View> | ((view: View) => Partial<View>);

export interface Overview extends Scope {
  /** A function gets the view of this moment, which may be newer than what is on the screen. */
  change: (part: Part, options?: { replace?: boolean }) => void;
  toggle: (filter: ViewFilter) => void;
}

export const OverviewContext = createContext<Overview | null>(null);

export function useOverview(): Overview {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error("useOverview needs an OverviewContext around it");
  return overview;
}

export function overviewOf(scope: Scope): Overview {
  const change: Overview["change"] = (part, options = {}) => {
    const view = parseView(place.peek().query);
    const changed = typeof part === "function" ? part(view) : part;
    navigate(siteHref(scope.site.id, "overview", printView({ ...view, ...changed })), options);
  };
  return {
    ...scope,
    change,
    toggle: (filter) => change(({ filters }) => ({ filters: toggleFilter(filters, filter) })),
  };
}
