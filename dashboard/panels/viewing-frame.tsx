// What every page that looks at a period has: its filters and dates above, the keys for them, and a refresh each minute.
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { refresh, refreshes } from "../state/answers.ts";
import { calendarOf, includesToday, isPresetName, PRESETS, shiftPeriod } from "../state/periods.ts";
import { place } from "../state/router.ts";
import { loadStatus } from "../state/sites.ts";
import { parseView } from "../state/view.ts";
import { type Viewing, ViewingContext, viewingOf } from "../state/viewing.ts";
import { type KeyTable, useKeys } from "../ui/keys.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { PeriodPicker } from "./period-picker.tsx";

const REFRESH_MS = 60_000;
const LEAST_REFRESH_MS = 5000;

/** The time of the first event or imported day, for how far "all time" reaches; the site's birth until that is known. */
function useSince(site: Site): number {
  const [since, setSince] = useState(site.createdAt);
  useEffect(() => {
    void loadStatus(site.id).then((reply) => {
      if (!reply.ok) return;
      const { firstEventAt, historyFrom } = reply.value;
      const known = [firstEventAt, historyFrom && Date.parse(`${historyFrom}T12:00:00Z`)].filter((at) => at !== null);
      if (known.length > 0) setSince(Math.min(...known.map(Number)));
    });
  }, [site.id]);
  return since;
}

function keysOf({ calendar, change }: Viewing, addFilter: () => void): KeyTable {
  const step = (direction: -1 | 1) => () =>
    change((view) => ({ period: shiftPeriod(view.period, direction, calendar) ?? view.period, grain: "auto" }));
  const table: KeyTable = {
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    "/": addFilter,
    x: () => change({ filters: [] }),
    c: () => change((view) => ({ compare: view.compare === "none" ? "previous" : "none" })),
    r: refresh,
  };
  for (const [name, preset] of Object.entries(PRESETS)) {
    if ("key" in preset && isPresetName(name)) table[preset.key] = () => change({ period: { name }, grain: "auto" });
  }
  return table;
}

/** As often as the address says, else each minute where today is looked at; null never. */
function refreshEvery({ view, calendar }: Viewing): number | null {
  const chosen = Number(view.own.refresh ?? Number.NaN) * 1000;
  if (chosen === 0) return null;
  if (chosen > 0) return Math.max(LEAST_REFRESH_MS, chosen);
  return includesToday(view.period, calendar) ? REFRESH_MS : null;
}

/** A hidden tab asks for nothing; what has grown old meanwhile is asked for when it is seen again. */
function useAutoRefresh(every: number | null): void {
  useEffect(() => {
    if (every === null) return;
    let at = Date.now();
    const again = () => {
      at = Date.now();
      refresh();
    };
    const seen = () => !document.hidden && Date.now() - at >= every && again();
    const timer = setInterval(() => !document.hidden && again(), every);
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [every]);
}

interface ViewingFrameProps {
  site: Site;
  /** Spoken, since the navigation shows it; left out where the page has a heading of its own. */
  title?: string;
  /** Without the choice of what to compare with. */
  plain?: boolean;
  /** Without filters, where what is shown has none. */
  filterless?: boolean;
  children: ComponentChildren;
}

export function ViewingFrame({ site, title, plain = false, filterless = false, children }: ViewingFrameProps) {
  const query = place.value.query;
  const since = useSince(site);
  // Each refresh looks at the clock again: past midnight, today is another day.
  const turn = refreshes.value;
  const viewing = useMemo(
    () =>
      viewingOf({
        site,
        view: parseView(query),
        calendar: calendarOf({ timeZone: site.timeZone, since }, Date.now()),
      }),
    [site, query, since, turn],
  );
  const [adding, setAdding] = useState(false);
  useKeys(keysOf(viewing, () => setAdding(true)));
  useAutoRefresh(refreshEvery(viewing));
  return (
    <ViewingContext.Provider value={viewing}>
      {title && (
        <h1 class="unseen">
          {title} of {site.name}
        </h1>
      )}
      <div class="toolbar">
        {filterless ? <span /> : <FilterBar adding={adding} onAdding={setAdding} />}
        <PeriodPicker plain={plain} />
      </div>
      {children}
    </ViewingContext.Provider>
  );
}
