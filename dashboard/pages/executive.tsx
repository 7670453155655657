// The business at a glance: KPIs against their targets, growth, where people come from, whether they stay, what they achieve.
import { useState } from "preact/hooks";
import type { QueryInput } from "../../workers/domain/query.ts";
import type { AnalysisQueryInput } from "../../workers/domain/question.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { ChartName } from "../charts/index.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { GoalMap } from "../panels/goal-map.tsx";
import { HeartPanel } from "../panels/heart-panel.tsx";
import { KpiCards } from "../panels/kpi-cards.tsx";
import { KpiDialog } from "../panels/kpi-dialog.tsx";
import { PanelTabs } from "../panels/panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { loadKpis, type StandingKpi } from "../state/kpis.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { comparisons, scopeQuestion, trendGrain } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import type { SitePage } from "../state/site-pages.ts";
import { DEFAULT_VIEW, printView, type View } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { usePhone } from "../ui/phone.ts";

interface Shown {
  title: string;
  asked: QueryInput | AnalysisQueryInput;
  chart?: ChartName;
  /** The page behind the figures. */
  page: SitePage;
  /** That page's own parameters. */
  own?: Record<string, string>;
  empty?: string;
  wide?: boolean;
}

/** The page behind looks at the same period and filters. */
const behind = ({ period, filters, compare, grain }: View, own: Record<string, string> = {}): string =>
  printView({ ...DEFAULT_VIEW, period, filters, compare, grain, own });

function useShown(): Shown[] {
  const viewing = useViewing();
  const base = scopeQuestion(viewing);
  const compared = comparisons(viewing);
  const time = `time:${trendGrain(viewing)}`;
  return [
    {
      title: "Growth",
      asked: { ...base, metrics: ["visitors"], dimensions: [time], include: { time_labels: true, ...compared } },
      page: "overview",
    },
    {
      title: "Revenue",
      asked: { ...base, metrics: ["total_revenue"], dimensions: [time], include: { time_labels: true, ...compared } },
      chart: "bar",
      page: "explore",
      own: { show: "total_revenue", chart: "bar" },
      empty: "No event carried revenue in this period.",
    },
    {
      title: "Acquisition",
      asked: {
        ...base,
        metrics: ["visitors", "bounce_rate"],
        dimensions: ["visit:channel"],
        pagination: { limit: 20, offset: 0 },
      },
      chart: "list",
      page: "sessions",
    },
    {
      title: "Goals",
      asked: {
        ...base,
        metrics: ["visitors", "conversion_rate"],
        dimensions: ["event:goal"],
        pagination: { limit: 20, offset: 0 },
      },
      chart: "list",
      page: "overview",
      empty: "No goal was reached in this period.",
    },
    {
      title: "Retention",
      asked: { ...base, analysis: "retention", params: { granularity: "week" } },
      page: "retention",
      wide: true,
    },
  ];
}

function Kpis({ site, list }: { site: Site; list: Listed<StandingKpi> }) {
  const { items, failure, load } = list;
  if (failure && !items) return <Failed failure={failure} onRetry={() => void load()} />;
  if (!items) return <Skeleton lines={3} />;
  if (items.length > 0) return <KpiCards site={site} list={list} />;
  return (
    <section class="panel card">
      <Empty title="What would success look like?">
        A KPI holds a metric against a target: visitors this month, sign-ups a week, bounce rate. Make the first one,
        and this page says at a glance how it stands.
      </Empty>
    </section>
  );
}

/** What stands below the KPIs: all of it, or on a phone, so that the page is one screen, the part that the address names. */
function Parts({ site, kpis }: { site: Site; kpis: StandingKpi[] }) {
  const { view, set } = useViewing();
  const shown = useShown();
  const isPhone = usePhone();
  const parts = [
    ...shown.map(({ title, asked, chart, page, own, empty, wide }) => ({
      title,
      panel: (
        <AnswerPanel
          key={title}
          site={site}
          title={title}
          asked={asked}
          chart={chart}
          wide={wide ?? false}
          empty={empty}
          aside={
            <a class="button quiet small" href={siteHref(site.id, page, behind(view, own))}>
              Open
            </a>
          }
        />
      ),
    })),
    ...(kpis.length > 0 ? [{ title: "Goal map", panel: <GoalMap key="map" site={site} kpis={kpis} /> }] : []),
    { title: "HEART", panel: <HeartPanel key="heart" site={site} /> },
  ];
  if (!isPhone) return <div class="panels">{parts.map(({ panel }) => panel)}</div>;
  const part = parts.find(({ title }) => title === view.own.part) ?? parts[0];
  return (
    <>
      <div class="parts-choice">
        <PanelTabs
          label="Below the KPIs"
          tabs={parts.map(({ title }) => ({ id: title, label: title }))}
          chosen={part?.title ?? ""}
          onChoose={(title) => set({ part: title }, { replace: true })}
        />
      </div>
      <div class="panels">{part?.panel}</div>
    </>
  );
}

function Executive() {
  const { site } = useViewing();
  const list = useListed(site.id, async () => mapReply(await loadKpis(site.id), ({ kpis }) => kpis));
  const [adding, setAdding] = useState(false);
  return (
    <div class="one-screen">
      <div class="section-head">
        <h2>KPIs</h2>
        {mayIn(site.teamId, "define") && (
          <button type="button" class="button small" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            New KPI
          </button>
        )}
      </div>
      <Kpis site={site} list={list} />
      <Parts site={site} kpis={list.items ?? []} />
      {adding && <KpiDialog site={site} onClose={() => setAdding(false)} onMade={() => void list.load()} />}
    </div>
  );
}

export function ExecutivePage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Executive view">
      <Executive />
    </ViewingFrame>
  );
}
