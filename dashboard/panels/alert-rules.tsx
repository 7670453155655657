// The site's alert rules.
import { useState } from "preact/hooks";
import { type AlertChannel, type AlertKinds, type AlertRule, removeRule, saveRule } from "../state/alerts.ts";
import type { Listed } from "../state/listed.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { AlertRuleDialog } from "./alert-rule-dialog.tsx";

type Condition = AlertRule["conditions"][number];

const BY = { more: "more", less: "less", either: "more or less" } as const;

function conditionText(condition: Condition, metric: string): string {
  switch (condition.kind) {
    case "threshold":
      return `${metric} in ${condition.minutes} min ${condition.is} ${condition.value}`;
    case "change":
      return `${metric} ${condition.percent} % ${BY[condition.by]} than ${condition.against === "week" ? "a week ago" : "before"}`;
    case "absence":
      return `no ${metric} for ${condition.minutes} min`;
    case "anomaly":
      return `${metric} out of the ordinary`;
  }
}

interface RulesProps {
  siteId: string;
  kinds: AlertKinds;
  list: Listed<AlertRule>;
  channels: readonly AlertChannel[];
  mayDefine: boolean;
}

export function AlertRules({ siteId, kinds, list, channels, mayDefine }: RulesProps) {
  const [open, setOpen] = useState<AlertRule | "new" | null>(null);
  const metricText = useMetricText(siteId);
  const { items, failure, load } = list;
  const textOf = ({ conditions, match }: AlertRule) =>
    conditions
      .map((one) => conditionText(one, metricText(one.metric).label.toLowerCase()))
      .join(match === "all" ? " and " : " or ");
  const toggle = ({ id, version: _, createdAt: __, ...rule }: AlertRule) =>
    void list.change(saveRule(siteId, { ...rule, enabled: !rule.enabled }, id));
  return (
    <section class="panel form">
      <div class="section-head">
        <h2>Rules</h2>
        {mayDefine && (
          <button type="button" class="button" onClick={() => setOpen("new")}>
            <Icon name="plus" />
            New rule
          </button>
        )}
      </div>
      {failure && failure.errors.length === 0 && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && <p>There is no rule yet. A good first one: nothing comes in for 30 minutes.</p>}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map((rule) => (
            <li key={rule.id}>
              <span class="access-who">
                <b>{rule.name}</b>
                <span class="faint" title={textOf(rule)}>
                  {rule.enabled ? "" : "Paused · "}
                  {textOf(rule)}
                </span>
              </span>
              {mayDefine && (
                <>
                  <button type="button" class="button small" onClick={() => toggle(rule)}>
                    {rule.enabled ? "Pause" : "Go on"}
                  </button>
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Edit the rule ${rule.name}`}
                    onClick={() => setOpen(rule)}
                  >
                    <Icon name="edit" />
                  </button>
                  <button
                    type="button"
                    class="icon-button"
                    aria-label={`Remove the rule ${rule.name}`}
                    onClick={() =>
                      confirm(`Remove the rule “${rule.name}”?`) && void list.change(removeRule(siteId, rule.id))
                    }
                  >
                    <Icon name="trash" />
                  </button>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      {open && (
        <AlertRuleDialog
          siteId={siteId}
          kinds={kinds}
          channels={channels}
          rule={open === "new" ? undefined : open}
          onSaved={() => void load()}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
