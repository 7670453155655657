// Any figures by pointing: which metrics, by which dimensions, drawn how. All of it is in the address.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { PROPERTY } from "../charts/definition.ts";
import { isChartName } from "../charts/index.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { DimensionMenu, MetricMenu } from "../panels/choose-menus.tsx";
import { MatcherField } from "../panels/matcher-menu.tsx";
import { PanelTabs } from "../panels/panel.tsx";
import { GrainPicker } from "../panels/trend-panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { shapeOf } from "../state/content.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { type Exploration, explorationQuestion, parseExploration, printExploration } from "../state/explore.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { bucketPeriod } from "../state/periods.ts";
import { useViewing } from "../state/viewing.ts";
import { Chosen } from "../ui/chosen.tsx";
import { Icon } from "../ui/icon.tsx";
import { useKeys } from "../ui/keys.tsx";

const MOST_METRICS = 4;
const MOST_DIMENSIONS = 2;

const dimensionText = (name: string): string => (name === "time" ? "Time" : dimensionLabel(name));

interface BuilderProps {
  exploration: Exploration;
  change: (part: Partial<Exploration>) => void;
}

function SubjectTabs({ exploration, change }: BuilderProps) {
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

function Builder({ exploration, change }: BuilderProps) {
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

function Exploring() {
  const viewing = useViewing();
  const { site, view, calendar, set, toggle } = viewing;
  const textOf = useMetricText(site.id);
  const exploration = parseExploration(view);
  const asked = explorationQuestion(viewing, exploration);
  const [steps, setSteps] = useState(0);
  const change = (part: Partial<Exploration>) => {
    set(printExploration({ ...exploration, ...part }));
    setSteps(steps + 1);
  };
  const undo = () => {
    if (steps === 0) return;
    setSteps(steps - 1);
    // Each change is an entry of the browser's own history.
    history.back();
  };
  useKeys({ z: undo });
  const by = exploration.dimensions.map((name) => dimensionText(name).toLowerCase());
  const properties = exploration.property === "" ? "Properties" : `Values of ${exploration.property}`;
  const figures =
    exploration.metrics.map((name) => textOf(name).label).join(", ") + (by.length > 0 ? ` by ${by.join(" and ")}` : "");
  const chart = exploration.chart !== null && isChartName(exploration.chart) ? exploration.chart : undefined;
  return (
    <>
      <div class="builder-head">
        <div>
          <SubjectTabs exploration={exploration} change={change} />
          <Builder exploration={exploration} change={change} />
        </div>
        <button type="button" class="button quiet" disabled={steps === 0} title="Undo (z)" onClick={undo}>
          <Icon name="undo" />
          Undo
        </button>
      </div>
      <div class="explored">
        <AnswerPanel
          key={shapeOf(asked)}
          site={site}
          title={exploration.subject === "properties" ? properties : figures}
          asked={asked}
          chart={chart}
          onChart={(name) => change({ chart: name })}
          onValue={(dimension, value) =>
            dimension === PROPERTY
              ? change({ property: value })
              : toggle({ operator: "is", dimension, values: [value] })
          }
          onBucket={(label, grain) => {
            const period = bucketPeriod(label, grain, calendar);
            if (period) viewing.change({ period, grain: "auto" });
          }}
        />
        {shapeOf(asked) !== "totals" && <AnswerPanel site={site} title="Numbers" asked={asked} chart="table" />}
      </div>
    </>
  );
}

export function ExplorePage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Explore">
      <Exploring />
    </ViewingFrame>
  );
}
