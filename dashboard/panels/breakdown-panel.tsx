// A card of the Overview: the most frequent values of a dimension. A click on a row filters everything by it.

import { useState } from "preact/hooks";
import { amountOf } from "../../workers/domain/money.ts";
import { type ListRow, RowList } from "../charts/row-list.tsx";
import { Value } from "../charts/value.tsx";
import { useAnswer } from "../state/answers.ts";
import { dimensionLabel, valueText } from "../state/dimensions.ts";
import { formatCount, formatPercent } from "../state/format.ts";
import { breakdownQuestion, totalsQuestion } from "../state/questions.ts";
import { type View, withTab } from "../state/view.ts";
import { useViewing } from "../state/viewing.ts";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import type { PanelDefinition, PanelTab } from "./definition.ts";
import { Details } from "./details.tsx";
import { Panel, PanelTabs } from "./panel.tsx";

const ROWS = 9;

interface Choice {
  tab: PanelTab;
  variant: string;
  dimension: string;
}

/** The tab and dimension that the address asks for, else the first. */
export function chosenTab({ id, tabs }: PanelDefinition, view: View): Choice {
  const wanted = view.tabs[id];
  for (const tab of tabs) {
    const variant = tab.variants?.find((one) => one.id === wanted);
    if (variant) return { tab, variant: variant.id, dimension: variant.dimension };
    if (tab.id === wanted) return plain(tab, view);
  }
  return plain(tabs[0], view);
}

function plain(tab: PanelTab, view: View): Choice {
  const narrowed = view.filters.some(({ operator, dimension }) => operator === "is" && dimension === tab.dimension);
  return { tab, variant: tab.id, dimension: narrowed && tab.finer ? tab.finer : tab.dimension };
}

function useRows(dimension: string) {
  const viewing = useViewing();
  const answer = useAnswer(breakdownQuestion(viewing, { dimension, metrics: ["visitors"], limit: ROWS }));
  const totals = useAnswer(totalsQuestion(viewing));
  const all = amountOf(totals.result?.results[0]?.metrics[0]);
  const top = amountOf(answer.result?.results[0]?.metrics[0]) ?? 0;
  // While the next answer is on its way, rows belong to the dimension that was asked before.
  const shown = answer.result?.query.dimensions[0] ?? dimension;
  const rows = answer.result?.results.map((row): ListRow => {
    const value = row.dimensions[0] ?? "";
    const visitors = amountOf(row.metrics[0]) ?? 0;
    const percent = all ? formatPercent((visitors / all) * 100) : "";
    return {
      key: value,
      name: <Value dimension={shown} value={value} />,
      share: top ? visitors / top : 0,
      figures: [percent, formatCount(visitors)],
      hint: `Filter by ${valueText(shown, value)}`,
      chosen: viewing.view.filters.some((one) => one.dimension === shown && one.values.includes(value)),
      onChoose: () => viewing.toggle({ operator: "is", dimension: shown, values: [value] }),
    };
  });
  return { ...answer, rows: rows ?? null, shown };
}

export function BreakdownPanel({ definition }: { definition: PanelDefinition }) {
  const { view, change } = useViewing();
  const [detailed, setDetailed] = useState(false);
  const { tab, variant, dimension } = chosenTab(definition, view);
  const { rows, failure, loading, retry, shown } = useRows(dimension);
  const choose = (id: string) => {
    const chosen = { panel: definition.id, id, first: definition.tabs[0].id };
    change((now) => ({ tabs: withTab(now.tabs, chosen) }), { replace: true });
  };
  return (
    <Panel
      title={definition.title}
      aside={<PanelTabs label={definition.title} tabs={definition.tabs} chosen={tab.id} onChoose={choose} />}
    >
      {tab.variants && <PanelTabs label={`${tab.label} by`} tabs={tab.variants} chosen={variant} onChoose={choose} />}
      {failure && <Failed failure={failure} onRetry={retry} />}
      {!failure && !rows && <Skeleton lines={ROWS} class="rows-skeleton" />}
      {rows?.length === 0 && <Empty title="Nothing here yet">{definition.empty}</Empty>}
      {rows && rows.length > 0 && (
        <RowList columns={[dimensionLabel(shown), "", "Visitors"]} rows={rows} faded={loading} />
      )}
      {rows && rows.length > 0 && (
        <footer class="panel-foot">
          <button type="button" class="button quiet small" onClick={() => setDetailed(true)}>
            Details
          </button>
        </footer>
      )}
      {detailed && <Details dimension={dimension} onClose={() => setDetailed(false)} />}
    </Panel>
  );
}
