// What the business wants → the KPIs that tell → their metrics → the events that are counted.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { type BusinessGoal, loadGoalMap, type StandingKpi } from "../state/kpis.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { siteHref } from "../state/router.ts";
import { Status } from "../ui/status.tsx";
import { Panel } from "./panel.tsx";

const eventText = (event: string): string => (event === "*" ? "every event" : event);

/** `kpis` says how they stand, and asks anew when they change. */
export function GoalMap({ site, kpis }: { site: Site; kpis: StandingKpi[] }) {
  const [goals, setGoals] = useState<BusinessGoal[]>([]);
  const textOf = useMetricText(site.id);
  useEffect(() => {
    void loadGoalMap(site.id).then((reply) => reply.ok && setGoals(reply.value.goals));
  }, [site.id, kpis]);
  const statusOf = (id: string) => kpis.find((kpi) => kpi.id === id)?.now.status ?? "unknown";
  return (
    <Panel title="From business goals to events" wide>
      <ul class="goal-map">
        {goals.map(({ businessGoal, kpis: own }) => (
          <li key={businessGoal}>
            <b class="goal-map-goal">{businessGoal || "No goal named"}</b>
            <ul>
              {own.map(({ id, name, owner, metrics }) => (
                <li key={id}>
                  <span class="goal-map-kpi">
                    {name} <Status status={statusOf(id)} />
                    {owner && <span class="faint">{owner}</span>}
                  </span>
                  <ul>
                    {metrics.map((metric) => (
                      <li key={metric.name}>
                        <a href={siteHref(site.id, "explore", `show=${encodeURIComponent(metric.name)}`)}>
                          {textOf(metric.name).label}
                        </a>
                        <span class="faint">{metric.events.map(eventText).join(", ")}</span>
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
