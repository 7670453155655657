// Visits: how many, how long, where they begin and end.
import type { QueryInput } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { bucketPeriod } from "../state/periods.ts";
import { comparisons, comparisonsSoFar, scopeQuestion, trendGrain } from "../state/questions.ts";
import { useViewing } from "../state/viewing.ts";

const METRICS = ["visits", "views_per_visit", "bounce_rate", "visit_duration"];
const LISTED = ["visits", "bounce_rate", "visit_duration"];
const LISTS = [
  { title: "Where visits begin", dimension: "visit:entry_page" },
  { title: "Where visits end", dimension: "visit:exit_page" },
  { title: "How visits come", dimension: "visit:channel" },
  { title: "On which devices", dimension: "visit:device" },
];

function Sessions() {
  const viewing = useViewing();
  const { site, toggle, change, calendar } = viewing;
  const base = scopeQuestion(viewing);
  const question = (rest: Partial<QueryInput>): QueryInput => ({ ...base, metrics: METRICS, ...rest });
  return (
    <div class="explored">
      <AnswerPanel site={site} title="Visits" asked={question({ include: comparisonsSoFar(viewing) })} />
      <AnswerPanel
        site={site}
        title="Visits over time"
        asked={question({
          metrics: ["visits"],
          dimensions: [`time:${trendGrain(viewing)}`],
          include: { time_labels: true, ...comparisons(viewing) },
        })}
        onBucket={(label, grain) => {
          const period = bucketPeriod(label, grain, calendar);
          if (period) change({ period, grain: "auto" });
        }}
      />
      <div class="panels">
        {LISTS.map(({ title, dimension }) => (
          <AnswerPanel
            key={dimension}
            site={site}
            title={title}
            chart="list"
            asked={question({ metrics: LISTED, dimensions: [dimension], pagination: { limit: 200, offset: 0 } })}
            onValue={(name, value) => toggle({ operator: "is", dimension: name, values: [value] })}
          />
        ))}
      </div>
    </div>
  );
}

export function SessionsPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Sessions">
      <Sessions />
    </ViewingFrame>
  );
}
