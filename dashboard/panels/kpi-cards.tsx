// How each KPI stands in its running period against its target, and how it stood before.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { formatBucket, formatMetric, MISSING } from "../state/format.ts";
import { type KpiPeriod, loadHistory, removeKpi, type StandingKpi } from "../state/kpis.ts";
import type { Listed } from "../state/listed.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { mayIn } from "../state/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Status } from "../ui/status.tsx";

const EVERY = { day: "today", week: "this week", month: "this month" } as const;
const LAST = { day: "yesterday", week: "last week", month: "last month" } as const;

function useHistory(siteId: string, kpiId: string): KpiPeriod[] {
  const [history, setHistory] = useState<KpiPeriod[]>([]);
  useEffect(() => {
    void loadHistory(siteId, kpiId).then((reply) => reply.ok && setHistory(reply.value.history));
  }, [siteId, kpiId]);
  return history;
}

/** How far along to the target, 0 to 1; of what should be low, how much of the target is used up. */
const shareOf = ({ value, target }: KpiPeriod): number =>
  value === null || target <= 0 ? 0 : Math.max(0, Math.min(1, value / target));

function Card({ site, kpi, list }: { site: Site; kpi: StandingKpi; list: Listed<StandingKpi> }) {
  const { now, before, every } = kpi;
  const valued = { unit: kpi.unit, currency: site.currency ?? undefined };
  const history = useHistory(site.id, kpi.id);
  const textOf = useMetricText(site.id);
  return (
    <section class="panel kpi" aria-label={kpi.name}>
      <header class="panel-head">
        <h2 title={kpi.about || kpi.formula}>{kpi.name}</h2>
        {mayIn(site.teamId, "define") && (
          <Menu
            plain
            quiet
            align="end"
            title={`Options of ${kpi.name}`}
            label={
              <>
                <Icon name="more" />
                <span class="unseen">Options of {kpi.name}</span>
              </>
            }
          >
            {(close) => (
              <MenuItem
                onChoose={() => {
                  close();
                  if (confirm(`Remove the KPI “${kpi.name}”?`)) void list.change(removeKpi(site.id, kpi.id));
                }}
              >
                Remove
              </MenuItem>
            )}
          </Menu>
        )}
      </header>
      <p class="kpi-value">
        <span class="number-value">{formatMetric(now.value, valued)}</span>
        <span class="faint">of {formatMetric(now.target, valued)}</span>
      </p>
      <div class={`kpi-track ${now.status}`} aria-hidden="true">
        <div style={{ width: `${shareOf(now) * 100}%` }} />
      </div>
      <p class="kpi-standing">
        <Status status={now.status} />
        <span class="faint">
          {EVERY[every]} so far · {LAST[every]} {before.value === null ? MISSING : formatMetric(before.value, valued)}
        </span>
      </p>
      {history.length > 2 && (
        <div class="kpi-course" title={`Since ${formatBucket(history[0]?.since ?? "", every, "full")}`}>
          <Sparkline values={history.map(({ value }) => value)} />
        </div>
      )}
      <p class="faint kpi-owner">
        {[kpi.businessGoal, kpi.owner].filter((text) => text !== "").join(" · ") || textOf(kpi.formula).label}
      </p>
    </section>
  );
}

export function KpiCards({ site, list }: { site: Site; list: Listed<StandingKpi> }) {
  return (
    <div class="kpis">
      {(list.items ?? []).map((kpi) => (
        <Card key={kpi.id} site={site} kpi={kpi} list={list} />
      ))}
    </div>
  );
}
