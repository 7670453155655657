import type { Site } from "../../workers/domain/site.ts";
import { AnswerNote } from "../panels/answer-note.tsx";
import { BreakdownPanel } from "../panels/breakdown-panel.tsx";
import { ConversionsPanel } from "../panels/conversions-panel.tsx";
import { ImportedNote } from "../panels/imported-note.tsx";
import { PANELS } from "../panels/index.ts";
import { InsightsPanel } from "../panels/insights-panel.tsx";
import { NowStrip } from "../panels/now-strip.tsx";
import { StatCards } from "../panels/stat-cards.tsx";
import { GrainPicker, TrendPanel } from "../panels/trend-panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { refresh, useAnswer } from "../state/answers.ts";
import { METRICS } from "../state/metrics.ts";
import { includesToday } from "../state/periods.ts";
import { shownMetrics, totalsQuestion } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";
import { Failed } from "../ui/notice.tsx";

function Panels() {
  const viewing = useViewing();
  const { site, view, calendar } = viewing;
  const { failure } = useAnswer(totalsQuestion(viewing));
  // Out of reach or refused, all panels are: said once. A fault is of the question, and the others stand.
  if (failure && failure.status !== 500) {
    return (
      <section class="panel lead">
        <Failed failure={failure} onRetry={refresh} />
      </section>
    );
  }
  return (
    <>
      {includesToday(view.period, calendar) && <NowStrip site={site} />}
      <section class="panel lead" aria-label="Figures and trend">
        <StatCards />
        <div class="trend-head">
          <h2>
            {shownMetrics(view)
              .map((name) => METRICS[name].label)
              .join(", ")}
          </h2>
          <GrainPicker />
        </div>
        <TrendPanel />
        <ImportedNote />
      </section>
      <InsightsPanel />
      <div class="panels">
        {PANELS.map((definition) => (
          <BreakdownPanel key={definition.id} definition={definition} />
        ))}
        <ConversionsPanel />
      </div>
      <AnswerNote />
    </>
  );
}

export function OverviewPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Overview">
      <Panels />
    </ViewingFrame>
  );
}
