// What is explored, put together by pointing: metrics by dimensions, or the properties of events.

import type { Exploration } from "../state/explore.ts";
import { Chosen } from "../ui/chosen.tsx";
import { FigureLines } from "./figure-lines.tsx";
import { MatcherField } from "./matcher-menu.tsx";
import { PanelTabs } from "./panel.tsx";
import { GrainPicker } from "./trend-panel.tsx";

const MOST_METRICS = 4;

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
  const { metrics, dimensions, subject } = exploration;
  if (subject === "properties") return <PropertyBuilder exploration={exploration} change={change} />;
  return (
    <FigureLines
      metrics={metrics}
      mostMetrics={MOST_METRICS}
      onMetrics={(chosen) => change({ metrics: chosen })}
      dimensions={dimensions}
      // Further dimensions are drawn otherwise, fewer as they were.
      onDimensions={(chosen) =>
        change({ dimensions: chosen, ...(chosen.length > dimensions.length ? { chart: null } : {}) })
      }
    >
      {dimensions.includes("time") && <GrainPicker />}
    </FigureLines>
  );
}
