// Who comes back: cohorts by their first event, and how many of each return day by day, week by week, month by month.
import type { Site } from "../../workers/domain/site.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { MatcherField } from "../panels/matcher-menu.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import {
  COMERS,
  GRANULARITIES,
  parseRetention,
  printRetention,
  RETENTION_KINDS,
  type RetentionView,
  retentionQuestion,
} from "../state/sequence-views.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";

const GRANULARITY_TEXT = { day: "Days", week: "Weeks", month: "Months" } as const;
const KIND_TEXT = { bounded: "in that interval", unbounded: "in it or later", rolling: "by their own clock" } as const;
const COMER_TEXT = { visitor: "Visitors", user: "Users" } as const;

function Retention() {
  const viewing = useViewing();
  const { site, view, set } = viewing;
  const retention = parseRetention(view);
  const change = (part: Partial<RetentionView>) => set(printRetention({ ...retention, ...part }));
  return (
    <>
      <div class="options">
        <Choice
          label="Of"
          chosen={retention.by}
          options={COMERS.map((id) => ({ id, label: COMER_TEXT[id] }))}
          onChoose={(by) => change({ by })}
        />
        <span class="options-word">who first did</span>
        <MatcherField
          title="Cohort event"
          any="a page view"
          chosen={retention.cohort}
          onChoose={(cohort) => change({ cohort })}
        />
        <span class="options-word">who came back to</span>
        <MatcherField
          title="Return event"
          any="the same"
          chosen={retention.back}
          onChoose={(back) => change({ back })}
        />
        <Choice
          label="By"
          chosen={retention.granularity}
          options={GRANULARITIES.map((id) => ({ id, label: GRANULARITY_TEXT[id] }))}
          onChoose={(granularity) =>
            change({
              granularity,
              kind: granularity === "month" && retention.kind === "rolling" ? "bounded" : retention.kind,
            })
          }
        />
        <Choice
          label="Back"
          chosen={retention.kind}
          options={RETENTION_KINDS.filter((id) => id !== "rolling" || retention.granularity !== "month").map((id) => ({
            id,
            label: KIND_TEXT[id],
          }))}
          onChoose={(kind) => change({ kind })}
        />
      </div>
      <div class="explored">
        <AnswerPanel site={site} title="Retention" asked={retentionQuestion(viewing, retention)} />
      </div>
    </>
  );
}

export function RetentionPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Retention" plain>
      <Retention />
    </ViewingFrame>
  );
}
