// The Overview's view is the address: reading it subscribes to navigation, changing it navigates.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Scope } from "./questions.ts";
import { navigate, siteHref } from "./router.ts";
import { printView, toggleFilter, type View, type ViewFilter } from "./view.ts";

export interface Overview extends Scope {
  change: (part: Partial<View>, options?: { replace?: boolean }) => void;
  toggle: (filter: ViewFilter) => void;
}

export const OverviewContext = createContext<Overview | null>(null);

export function useOverview(): Overview {
  const overview = useContext(OverviewContext);
  if (!overview) throw new Error("useOverview needs an OverviewContext around it");
  return overview;
}

export function overviewOf(scope: Scope): Overview {
  const { site, view } = scope;
  const change: Overview["change"] = (part, options = {}) =>
    navigate(siteHref(site.id, "overview", printView({ ...view, ...part })), options);
  return { ...scope, change, toggle: (filter) => change({ filters: toggleFilter(view.filters, filter) }) };
}
