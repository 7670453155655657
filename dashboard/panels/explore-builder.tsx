// What is explored, put together by pointing: metrics by dimensions, or the properties of events.

import { dimensionLabel } from "../state/dimensions.ts";
import type { Exploration } from "../state/explore.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { useViewing } from "../state/viewing.ts";
import { Chosen } from "../ui/chosen.tsx";
import { DimensionMenu, MetricMenu } from "./choose-menus.tsx";
import { MatcherField } from "./matcher-menu.tsx";
import { PanelTabs } from "./panel.tsx";
import { GrainPicker } from "./trend-panel.tsx";

const MOST_METRICS = 4;
const MOST_DIMENSIONS = 2;

export const dimensionText = (name: string): string => (name === "time" ? "Time" : dimensionLabel(name));

interface BuilderProps {
  exploration: Exploration;
  change: (part: Partial<Exploration>) => void;
}

export function SubjectTabs({ exploration, change }: BuilderProps) {
  return (
    <PanelTabs
      label="What to explore"
      tabs={[
        { id: "figures", label: "Figures" },
        { id: "properties", label: "Properties" },
      ]}
      chosen={exploration.subject}
      onChoose={(id) => change({ subject: id === "properties" ? id : "figures", chart: null })}
    />
  );
}

/** The events that carry the properties, and the one whose values are listed. */
function PropertyBuilder({ exploration, change }: BuilderProps) {
  const { event, property } = exploration;
  return (
    <div class="builder">
      <div class="builder-line">
        <span class="builder-label">Of</span>
        <MatcherField
          title="Events that carry them"
          any="every event"
          chosen={event === "" ? null : { kind: "event", value: event }}
          onChoose={(chosen) => change({ event: chosen?.kind === "event" ? chosen.value : "", property: "" })}
        />
        {property !== "" && <Chosen label={property} onRemove={() => change({ property: "" })} />}
        {property === "" && <span class="options-word">choose a property below to see its values</span>}
      </div>
    </div>
  );
}

export function Builder({ exploration, change }: BuilderProps) {
  const { site } = useViewing();
  const textOf = useMetricText(site.id);
  const { metrics, dimensions } = exploration;
  if (exploration.subject === "properties") return <PropertyBuilder exploration={exploration} change={change} />;
  return (
    <div class="builder">
      <div class="builder-line">
        <span class="builder-label">Show</span>
        {metrics.map((name) => (
          <Chosen
            key={name}
            label={textOf(name).label}
            onRemove={metrics.length > 1 ? () => change({ metrics: metrics.filter((one) => one !== name) }) : undefined}
          />
        ))}
        {metrics.length < MOST_METRICS && (
          <MetricMenu siteId={site.id} without={metrics} onChoose={(name) => change({ metrics: [...metrics, name] })} />
        )}
      </div>
      <div class="builder-line">
        <span class="builder-label">By</span>
        {dimensions.map((name) => (
          <Chosen
            key={name}
            label={dimensionText(name)}
            onRemove={() => change({ dimensions: dimensions.filter((one) => one !== name) })}
          />
        ))}
        {dimensions.length < MOST_DIMENSIONS && (
          <DimensionMenu
            without={dimensions}
            onChoose={(name) => change({ dimensions: [...dimensions, name], chart: null })}
          />
        )}
        {dimensions.includes("time") && <GrainPicker />}
      </div>
    </div>
  );
}
