// The site's alert rules.
import { useState } from "preact/hooks";
import { type AlertChannel, type AlertKinds, type AlertRule, removeRule, saveRule } from "../state/alerts.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import type { Listed } from "../state/listed.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { useWatchable } from "./alert-conditions.tsx";
import { AlertRuleDialog } from "./alert-rule-dialog.tsx";
import { filterText } from "./filter-text.ts";

type Condition = AlertRule["conditions"][number];

const BY = { more: "more", less: "less", either: "more or less" } as const;

function conditionText(
  condition: Condition,
  nameOf: { metric: (name: string) => string; rule: (id: string) => string },
) {
  if (condition.kind === "rule") return `“${nameOf.rule(condition.rule)}” is ${condition.is}`;
  const metric = nameOf.metric(condition.metric);
  switch (condition.kind) {
    case "threshold":
      return `${metric} in ${condition.minutes} min ${condition.is} ${condition.value}`;
    case "change":
      return `${metric} ${condition.percent} % ${BY[condition.by]} than ${condition.against === "week" ? "a week ago" : "before"}`;
    case "absence":
      return `no ${metric} for ${condition.minutes} min`;
    case "anomaly":
      return `${metric} out of the ordinary`;
    case "forecast":
      return `${metric} expected ${condition.is} ${condition.value} within ${condition.hours} h`;
    case "budget":
      return `${metric} ${condition.by} of a ${condition.period} above ${condition.percent} % of ${condition.limit}`;
  }
}

function scopeText({ filters, split }: AlertRule): string {
  return [...filters.map(filterText), ...(split ? [`each ${dimensionLabel(split.dimension).toLowerCase()}`] : [])]
    .map((text) => `, ${text}`)
    .join("");
}

const ruleText = (rule: AlertRule, nameOf: Parameters<typeof conditionText>[1]): string =>
  rule.conditions.map((one) => conditionText(one, nameOf)).join(rule.match === "all" ? " and " : " or ") +
  scopeText(rule);

interface RulesProps {
  siteId: string;
  kinds: AlertKinds;
  list: Listed<AlertRule>;
  channels: readonly AlertChannel[];
  mayDefine: boolean;
}

export function AlertRules({ siteId, kinds, list, channels, mayDefine }: RulesProps) {
  const [open, setOpen] = useState<AlertRule | "new" | null>(null);
  const labels = useWatchable(siteId, kinds);
  const { items, failure, load } = list;
  const nameOf = {
    metric: (name: string) => labels.get(name)?.toLowerCase() ?? name,
    rule: (id: string) => items?.find((one) => one.id === id)?.name ?? "a removed rule",
  };
  const textOf = (rule: AlertRule) => ruleText(rule, nameOf);
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
          rules={items ?? []}
          rule={open === "new" ? undefined : open}
          onSaved={() => void load()}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
