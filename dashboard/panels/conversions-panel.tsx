// Goals with their conversion rate, and the custom events behind them.
import { amountOf } from "../../workers/domain/money.ts";
import { type ListRow, RowList } from "../charts/row-list.tsx";
import { Value } from "../charts/value.tsx";
import { useAnswer } from "../state/answers.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { formatCount, formatPercent } from "../state/format.ts";
import { breakdownQuestion, totalsQuestion } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { mayIn } from "../state/session.ts";
import { withTab } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Panel, PanelTabs } from "./panel.tsx";

const TABS = [
  { id: "goals", label: "Goals", dimension: "event:goal" },
  { id: "events", label: "Custom events", dimension: "event:name" },
] as const;

const LIMIT = 12;

function useConversions(dimension: string) {
  const viewing = useViewing();
  const answer = useAnswer(
    breakdownQuestion(viewing, {
      dimension,
      metrics: ["visitors", "events"],
      limit: LIMIT,
      also: dimension === "event:name" ? [["is_not", "event:name", ["pageview", "engagement"]]] : [],
    }),
  );
  const totals = useAnswer(totalsQuestion(viewing));
  const all = amountOf(totals.result?.results[0]?.metrics[0]);
  const shown = answer.result?.query.dimensions[0] ?? dimension;
  const rows = answer.result?.results.map((row): ListRow => {
    const value = row.dimensions[0] ?? "";
    const visitors = amountOf(row.metrics[0]) ?? 0;
    const rate = all ? (visitors / all) * 100 : null;
    return {
      key: value,
      name: <Value dimension={shown} value={value} />,
      share: (rate ?? 0) / 100,
      figures: [formatCount(visitors), formatCount(amountOf(row.metrics[1])), formatPercent(rate)],
      hint: `Filter by ${value}`,
      chosen: viewing.view.filters.some((one) => one.dimension === shown && one.values.includes(value)),
      onChoose: () => viewing.toggle({ operator: "is", dimension: shown, values: [value] }),
    };
  });
  return { ...answer, rows: rows ?? null, shown };
}

export function ConversionsPanel() {
  const { site, view, change } = useViewing();
  const tab = TABS.find(({ id }) => id === view.tabs.conversions) ?? TABS[0];
  const { rows, failure, loading, retry, shown } = useConversions(tab.dimension);
  const choose = (id: string) => {
    change((now) => ({ tabs: withTab(now.tabs, { panel: "conversions", id, first: "goals" }) }), { replace: true });
  };
  return (
    <Panel
      title="Conversions"
      wide
      aside={<PanelTabs label="Conversions" tabs={TABS} chosen={tab.id} onChoose={choose} />}
    >
      {failure && <Failed failure={failure} onRetry={retry} />}
      {!failure && !rows && <Skeleton lines={4} class="rows-skeleton" />}
      {rows?.length === 0 && tab.id === "goals" && (
        <Empty title="No conversions in this period">
          {mayIn(site.teamId, "define") ? <a href={siteHref(site.id, "settings")}>Set a goal</a> : "A goal counts them"}
          : an event name such as <code>signup</code>, or a page such as <code>/thanks</code>.
        </Empty>
      )}
      {rows?.length === 0 && tab.id === "events" && (
        <Empty title="No custom events in this period">
          Send one from your page: <code>edgewise("signup")</code>
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <RowList columns={[dimensionLabel(shown), "Visitors", "Total", "Rate"]} main={0} rows={rows} faded={loading} />
      )}
    </Panel>
  );
}
