// HEART sheets: for each side of people's experience the goal, its signal, and the metric that tells.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { formatMetric } from "../state/format.ts";
import { type HeartSide, loadSheet, loadSheets, removeSheet, type ValuedSheet } from "../state/kpis.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { dateRange, PRESETS } from "../state/periods.ts";
import { mayIn } from "../state/session.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { Sideways } from "../ui/sideways.tsx";
import { Status } from "../ui/status.tsx";
import { HeartDialog } from "./heart-dialog.tsx";
import { Panel } from "./panel.tsx";

const SIDE_TEXT: Record<HeartSide, string> = {
  happiness: "Happiness",
  engagement: "Engagement",
  adoption: "Adoption",
  retention: "Retention",
  task_success: "Task success",
};

function Sheet({ site, id, range }: { site: Site; id: string; range: string }) {
  const [sheet, setSheet] = useState<ValuedSheet | null>(null);
  const textOf = useMetricText(site.id);
  useEffect(() => {
    void loadSheet(site.id, id, range).then((reply) => reply.ok && setSheet(reply.value));
  }, [site.id, id, range]);
  if (!sheet) return <div class="skeleton chart-wait" aria-hidden="true" />;
  return (
    <Sideways kind="sortable-scroll heart" label={sheet.name}>
      <table>
        <caption class="unseen">{sheet.name}</caption>
        <thead>
          <tr>
            {["", "Goal", "Signal", "Metric", "Value", "Before", ""].map((head, i) => (
              <th key={`${i} ${head}`} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sheet.lines.map((line, i) => {
            const text = textOf(line.metric);
            const valued = { unit: text.unit, currency: site.currency ?? undefined };
            return (
              <tr key={`${i} ${line.side}`}>
                <th scope="row">{SIDE_TEXT[line.side]}</th>
                <td>{line.goal}</td>
                <td class="faint">{line.signal}</td>
                <td>{text.label}</td>
                <td>
                  <b>{formatMetric(line.value, valued)}</b>
                  {line.target !== null && <span class="faint"> of {formatMetric(line.target, valued)}</span>}
                </td>
                <td class="faint">{formatMetric(line.before, valued)}</td>
                <td>{line.status && <Status status={line.status} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Sideways>
  );
}

/** Sheets are valued for periods of one word, and for the whole site: where the page looks at another, it is said. */
function useRange(): { range: string; text: string } {
  const { view, calendar } = useViewing();
  const range = dateRange(view.period, calendar.today);
  if (typeof range !== "string" || view.period.name === "custom") {
    return { range: "30d", text: PRESETS["30d"].label };
  }
  return { range, text: PRESETS[view.period.name].label };
}

export function HeartPanel({ site }: { site: Site }) {
  const { range, text } = useRange();
  const list = useListed(site.id, async () => mapReply(await loadSheets(site.id), ({ sheets }) => sheets));
  const [adding, setAdding] = useState(false);
  const may = mayIn(site.teamId, "define");
  return (
    <>
      {(list.items ?? []).map((sheet) => (
        <Panel
          key={sheet.id}
          wide
          title={`HEART: ${sheet.name}`}
          aside={
            <div class="panel-tools">
              <span class="faint">
                {text}, {site.timeZone}, all visits
              </span>
              {may && (
                <button
                  type="button"
                  class="icon-button"
                  aria-label={`Remove the sheet ${sheet.name}`}
                  onClick={() =>
                    confirm(`Remove the sheet “${sheet.name}”?`) && void list.change(removeSheet(site.id, sheet.id))
                  }
                >
                  <Icon name="trash" />
                </button>
              )}
            </div>
          }
        >
          <Sheet site={site} id={sheet.id} range={range} />
        </Panel>
      ))}
      {may && (
        <div class="section-head wide">
          <span class="faint">
            {list.items?.length === 0 &&
              "A HEART sheet says for happiness, engagement, adoption, retention and task success what you want, and which metric tells."}
          </span>
          <button type="button" class="button small" onClick={() => setAdding(true)}>
            <Icon name="plus" />
            New HEART sheet
          </button>
        </div>
      )}
      {adding && <HeartDialog site={site} onClose={() => setAdding(false)} onMade={() => void list.load()} />}
    </>
  );
}
