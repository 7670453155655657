// What the catalogue says of a question's metrics and dimensions, so that a figure can be taken rightly.
import type { QueryMeta } from "../../workers/domain/query.ts";
import { type Asked, isAnalysis } from "../state/content.ts";
import { dimensionLabel } from "../state/dimensions.ts";
import { useMetrics } from "../state/metric-texts.ts";
import { useAnswerText } from "./meta-line.tsx";

const ANALYSES: Readonly<Record<string, string>> = {
  funnel:
    "People count once, by the attempt in which they got farthest; steps are taken in order, others may lie between.",
  retention:
    "A cohort is everybody whose first such event of the period lies in it; returning is counted once an interval.",
  paths: "Visits are counted by what they do step by step; a reload of the same page is not a step.",
  properties: "Events are counted by the properties that they carry.",
};

interface CountedNoteProps {
  asked: Asked;
  /** Null while there is no answer. */
  meta: QueryMeta | null;
}

export function CountedNote({ asked, meta }: CountedNoteProps) {
  const metrics = useMetrics(asked.site_id);
  const answerText = useAnswerText();
  const answer = meta && <p>{answerText({ meta, asked })}</p>;
  if (isAnalysis(asked)) {
    return (
      <>
        <p>{ANALYSES[asked.analysis] ?? asked.analysis}</p>
        {answer}
      </>
    );
  }
  const dimensions = asked.dimensions ?? [];
  return (
    <dl class="counted">
      {asked.metrics.map((name) => {
        const metric = metrics.find((one) => one.name === name);
        return (
          <div key={name}>
            <dt>{metric?.label ?? name}</dt>
            <dd>
              {metric?.about}
              {metric?.formula && <code class="formula">{metric.formula}</code>}
            </dd>
          </div>
        );
      })}
      {dimensions.length > 0 && (
        <div>
          <dt>By</dt>
          <dd>{dimensions.map(dimensionLabel).join(", then ")}</dd>
        </div>
      )}
      <div>
        <dt>Period</dt>
        <dd>
          {answer}
          Days begin and end in the site's time zone. Nothing is sampled unless it says so here.
        </dd>
      </div>
    </dl>
  );
}
