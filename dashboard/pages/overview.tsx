import { useEffect, useMemo, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { AnswerNote } from "../panels/answer-note.tsx";
import { BreakdownPanel } from "../panels/breakdown-panel.tsx";
import { ConversionsPanel } from "../panels/conversions-panel.tsx";
import { FilterBar } from "../panels/filter-bar.tsx";
import { PANELS } from "../panels/index.ts";
import { PeriodPicker } from "../panels/period-picker.tsx";
import { StatCards } from "../panels/stat-cards.tsx";
import { GrainPicker, TrendPanel } from "../panels/trend-panel.tsx";
import { refresh, refreshes, useAnswer } from "../state/answers.ts";
import { METRICS } from "../state/metrics.ts";
import { type Overview, OverviewContext, overviewOf, useOverview } from "../state/overview.ts";
import { calendarOf, includesToday, isPresetName, PRESETS, shiftPeriod } from "../state/periods.ts";
import { totalsQuestion } from "../state/questions.ts";
import { place } from "../state/router.ts";
import { loadStatus } from "../state/sites.ts";
import { parseView } from "../state/view.ts";
import { type KeyTable, useKeys } from "../ui/keys.tsx";
import { Failed } from "../ui/notice.tsx";

const REFRESH_MS = 60_000;

/** The first event's time, for how far "all time" reaches; the site's birth until that is known. */
function useSince(site: Site): number {
  const [since, setSince] = useState(site.createdAt);
  useEffect(() => {
    void loadStatus(site.id).then((reply) => {
      if (reply.ok && reply.value.firstEventAt !== null) setSince(reply.value.firstEventAt);
    });
  }, [site.id]);
  return since;
}

function keysOf(overview: Overview, addFilter: () => void): KeyTable {
  const { calendar, change } = overview;
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

function useAutoRefresh(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => !document.hidden && refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [active]);
}

function Panels() {
  const overview = useOverview();
  const { failure } = useAnswer(totalsQuestion(overview));
  // All panels ask in one post, so that what fails for one fails for all: said once.
  if (failure) {
    return (
      <section class="panel lead">
        <Failed failure={failure} onRetry={refresh} />
      </section>
    );
  }
  return (
    <>
      <section class="panel lead" aria-label="Figures and trend">
        <StatCards />
        <div class="trend-head">
          <h2>{METRICS[overview.view.metric].label}</h2>
          <GrainPicker />
        </div>
        <TrendPanel />
      </section>
      <div class="panels">
        {PANELS.map((definition) => (
          <BreakdownPanel key={definition.id} definition={definition} />
        ))}
        <ConversionsPanel />
      </div>
      <AnswerNote />
    </>
  );
}

export function OverviewPage({ site }: { site: Site }) {
  const query = place.value.query;
  const since = useSince(site);
  // Each refresh looks at the clock again: past midnight, today is another day.
  const turn = refreshes.value;
  const overview = useMemo(
    () =>
      overviewOf({
        site,
        view: parseView(query),
        calendar: calendarOf({ timeZone: site.timeZone, since }, Date.now()),
      }),
    [site, query, since, turn],
  );
  const [adding, setAdding] = useState(false);
  useKeys(keysOf(overview, () => setAdding(true)));
  useAutoRefresh(includesToday(overview.view.period, overview.calendar));
  return (
    <OverviewContext.Provider value={overview}>
      <h1 class="unseen">Overview of {site.name}</h1>
      <div class="toolbar">
        <FilterBar adding={adding} onAdding={setAdding} />
        <PeriodPicker />
      </div>
      <Panels />
    </OverviewContext.Provider>
  );
}
