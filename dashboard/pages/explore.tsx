// Any figures by pointing: which metrics, by which dimensions, drawn how. All of it is in the address.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { PROPERTY } from "../charts/definition.ts";
import { isChartName } from "../charts/index.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { ExpectedNote, ExpectedSwitch, useExpectedRange } from "../panels/expected-switch.tsx";
import { Builder, SubjectTabs } from "../panels/explore-builder.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { shapeOf } from "../state/content.ts";
import { dimensionText } from "../state/dimensions.ts";
import { type Exploration, explorationQuestion, parseExploration, printExploration } from "../state/explore.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { bucketPeriod } from "../state/periods.ts";
import { useViewing } from "../state/viewing.ts";
import { Icon } from "../ui/icon.tsx";
import { useKeys } from "../ui/keys.tsx";

function Exploring() {
  const viewing = useViewing();
  const { site, view, calendar, set, toggle } = viewing;
  const textOf = useMetricText(site.id);
  const exploration = parseExploration(view);
  const asked = explorationQuestion(viewing, exploration);
  const expected = useExpectedRange(asked);
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
          aside={<ExpectedSwitch {...expected} />}
          expected={expected.points}
          note={<ExpectedNote {...expected} />}
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
        {shapeOf(asked) !== "totals" && (
          <AnswerPanel site={site} title="Numbers" asked={asked} chart="table" expected={expected.points} />
        )}
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
