// How the system stands: what is wrong, what is stored, what it costs, what of the error budget is left.
import { useEffect, useState } from "preact/hooks";
import { SortableTable } from "../charts/sortable-table.tsx";
import type { Failure } from "../state/api.ts";
import { formatCount, formatDate, formatExact, formatPercent } from "../state/format.ts";
import {
  bytesText,
  incidentName,
  jobsTable,
  loadStorage,
  meterName,
  meterText,
  momentText,
  type StorageReply,
  type SystemReply,
  storageTable,
} from "../state/system.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Panel } from "./panel.tsx";
import { Facts } from "./system-traffic.tsx";

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function SystemHealth({ system }: { system: SystemReply }) {
  const jobs = jobsTable(system);
  return (
    <Panel title="Health" wide>
      <ul class="system-looks">
        {system.health.looks.map(({ name, label, needed, reason }) => (
          <li key={name} class={reason === null ? "" : needed ? "worse" : "near"}>
            <span class={`status ${reason === null ? "better" : needed ? "worse" : "near"}`}>
              <Icon name={reason === null ? "check" : needed ? "close" : "pulse"} size={12} />
              {label}
            </span>
            {reason !== null && <span class="system-reason">{sentence(reason)}.</span>}
          </li>
        ))}
      </ul>
      {jobs.rows.length > 0 && (
        <details>
          <summary>{jobs.rows.length} jobs of the clock</summary>
          <SortableTable model={jobs} caption="The last run of each job" />
        </details>
      )}
    </Panel>
  );
}

export function SystemBudget({ system }: { system: SystemReply }) {
  const { objective, days, requests, failed, availability, allowed, left } = system.budget;
  const spent = left <= 0;
  return (
    <Panel title="Error budget" wide>
      <Facts
        facts={[
          ["Left", formatPercent(left * 100)],
          ["Availability", availability === null ? "–" : `${formatExact(Math.floor(availability * 1e4) / 100)}%`],
          ["Failed", `${formatExact(failed)} of ${formatExact(Math.floor(allowed))} allowed`],
        ]}
      />
      <div class={spent ? "kpi-track missed" : "kpi-track met"} aria-hidden="true">
        <div style={{ width: `${Math.max(0, Math.min(1, left)) * 100}%` }} />
      </div>
      <p class="faint">
        The objective: {formatExact(objective * 100)}% of requests are answered without a failure of ours, over {days}{" "}
        days. So far there were {formatCount(requests)}.{" "}
        {spent ? "The budget is spent: put what makes it steadier before what is new." : ""}
      </p>
    </Panel>
  );
}

export function SystemCost({ system }: { system: SystemReply }) {
  const { plan, since, lines, dollars, events } = system.cost;
  return (
    <Panel title="Cost">
      <ul class="system-meter">
        {lines.map(({ name, used, included, dollars: beyond }) => {
          const share = included ? used / included : 0;
          return (
            <li key={name}>
              <span>{meterName(name)}</span>
              <span class="numeric">
                {meterText(name, used)}
                {included !== null && <span class="faint"> of {meterText(name, included)}</span>}
              </span>
              <div class={share > 1 ? "kpi-track missed" : "kpi-track"} aria-hidden="true">
                <div style={{ width: `${Math.min(1, share) * 100}%` }} />
              </div>
              {beyond > 0 && <span class="system-reason">${beyond.toFixed(2)} beyond what is included</span>}
            </li>
          );
        })}
      </ul>
      <p class="faint">
        {plan === "free"
          ? "Today, beside what the free plan allows a day. At a limit Cloudflare stops; nothing is billed."
          : `Since ${formatDate(since)}, beside what the paid plan includes a month: $${dollars.toFixed(2)} beyond it, for ${formatCount(events)} events.`}{" "}
        Measured here, by Cloudflare's published prices; other Workers of the account come on top. On one machine it
        costs nothing.
      </p>
    </Panel>
  );
}

export function SystemStorage() {
  const [storage, setStorage] = useState<StorageReply | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    const reply = await loadStorage();
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setStorage(reply.value);
  };
  useEffect(() => void load(), []);
  return (
    <Panel title="Storage">
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!storage && !failure && <Skeleton lines={4} />}
      {storage && (
        <>
          <Facts
            facts={[
              ["D1", bytesText(storage.d1Bytes)],
              ["Objects", bytesText(storage.sites.reduce((sum, { bytes }) => sum + bytes, 0))],
            ]}
          />
          {storage.sites.length > 0 ? (
            <SortableTable model={storageTable(storage)} caption="What is stored, by site" />
          ) : (
            <Empty title="No sites yet">What each site stores appears here.</Empty>
          )}
          {storage.left > 0 && <p class="faint">{storage.left} more sites were not asked.</p>}
        </>
      )}
    </Panel>
  );
}

export function SystemIncidents({ system }: { system: SystemReply }) {
  return (
    <Panel title="Incidents" wide>
      {system.incidents.length === 0 ? (
        <Empty title="No incidents">
          Every five minutes all is looked at; a time in which something was not well is told here.
        </Empty>
      ) : (
        <ul class="system-incidents">
          {system.incidents.map((one) => (
            <li key={one.id}>
              <span class={`status ${one.closedAt === null ? "worse" : "same"}`}>
                <Icon name={one.closedAt === null ? "pulse" : "check"} size={12} />
                {one.closedAt === null ? "Open" : "Over"}
              </span>
              <span>
                <b>{incidentName(one.kind, system)}</b>
                <span class="system-reason">{sentence(one.reason)}.</span>
              </span>
              <span class="faint">
                {momentText(one.openedAt)}
                {one.closedAt === null ? ", since then" : ` to ${momentText(one.closedAt)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
