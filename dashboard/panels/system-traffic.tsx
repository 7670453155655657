// What comes in and what is asked: how much, how fast, how slow at worst.
import { useState } from "preact/hooks";
import { Chart } from "../charts/chart.tsx";
import { SortableTable } from "../charts/sortable-table.tsx";
import type { Asked } from "../state/content.ts";
import { formatCount, formatExact } from "../state/format.ts";
import {
  KINDS,
  type Kind,
  msText,
  ownZone,
  type SystemReply,
  seriesContent,
  shareText,
  slowTable,
  timingsTable,
} from "../state/system.ts";
import { Empty } from "../ui/notice.tsx";
import { Panel, PanelTabs } from "./panel.tsx";

type Shown = readonly (readonly [name: string, value: string, about?: string])[];

export function Facts({ facts }: { facts: Shown }) {
  return (
    <dl class="system-facts">
      {facts.map(([name, value, about]) => (
        <div key={name} title={about}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The chart goes by its content alone. */
const NO_QUESTION: Asked = { site_id: "", date_range: "all", metrics: ["events"], dimensions: ["time:hour"] };

type Lines = Parameters<typeof seriesContent>[1];

function HourChart({ system, title, lines }: { system: SystemReply; title: string; lines: Lines }) {
  const content = seriesContent(system, lines);
  return (
    <figure class="system-chart">
      <figcaption>{title}</figcaption>
      <Chart name="bar" title={title} timeZone={ownZone} content={content} asked={NO_QUESTION} />
    </figure>
  );
}

export function SystemIngest({ system }: { system: SystemReply }) {
  const { events, perSecond, lag, requests } = system.ingest;
  return (
    <Panel title="Ingest" wide>
      <Facts
        facts={[
          ["Events", formatCount(events)],
          ["A second", formatExact(perSecond), "On average, since the first measure of the period."],
          ["Lag, p50", msText(lag.p50), "From the receipt of an event until it is on disk."],
          ["Lag, p95", msText(lag.p95)],
          ["Lag, longest", msText(events > 0 ? lag.max : null)],
          ["Requests", formatCount(requests.count)],
          ["Refused", shareText(requests.refused, requests.count), "What was sent was wrong, or too much."],
          ["Failed", shareText(requests.failed, requests.count), "Our failures: the sender was told to come again."],
          [
            "Waiting for D1",
            system.backlog === null ? "–" : formatCount(system.backlog),
            "The most events of one shard that waited for their copy in D1, in the last 15 minutes. They are on disk already.",
          ],
        ]}
      />
      {events === 0 && requests.count === 0 ? (
        <Empty title="No events in this time">Send one, or choose a longer time.</Empty>
      ) : (
        <HourChart
          system={system}
          title="Events, by the hour"
          lines={[{ label: "Events", unit: "count", of: (hour) => hour.events }]}
        />
      )}
    </Panel>
  );
}

export function SystemApi({ system }: { system: SystemReply }) {
  const [kind, setKind] = useState<Kind>("api");
  const { count, refused, failed, p50, p95, p99 } = system.api;
  const table = timingsTable(system, kind);
  const tabs = (
    <PanelTabs
      label="What is timed"
      tabs={KINDS}
      chosen={kind}
      onChoose={(id) => setKind(KINDS.find((one) => one.id === id)?.id ?? "api")}
    />
  );
  return (
    <Panel title="API" wide aside={tabs}>
      <Facts
        facts={[
          ["Requests", formatCount(count)],
          ["Failed", shareText(failed, count), "Answered with 5xx."],
          ["Refused", shareText(refused, count), "Answered with 4xx."],
          ["p50", msText(p50)],
          ["p95", msText(p95)],
          ["p99", msText(p99)],
        ]}
      />
      <HourChart
        system={system}
        title="p95 of the API, milliseconds, by the hour"
        lines={[{ label: "p95, ms", unit: "ratio", of: (hour) => hour.apiP95 }]}
      />
      {table.rows.length > 0 ? (
        <SortableTable key={kind} model={table} caption="Times by what was done" />
      ) : (
        <Empty title="Nothing of this kind was timed yet">It appears a minute after it has happened.</Empty>
      )}
    </Panel>
  );
}

export function SystemSlow({ system }: { system: SystemReply }) {
  const table = slowTable(system);
  return (
    <Panel title="Slow queries" wide>
      {table.rows.length > 0 ? (
        <SortableTable model={table} caption="The slowest questions of the time" />
      ) : (
        <Empty title="No question took over 100 ms">
          The slowest ones of each hour appear here, with what they read.
        </Empty>
      )}
    </Panel>
  );
}
