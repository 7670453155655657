// A funnel built by clicking: steps from what was seen, in order, with who counts and how much time they have.
import type { Site } from "../../workers/domain/site.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { DimensionMenu } from "../panels/choose-menus.tsx";
import { FunnelShelf } from "../panels/funnel-shelf.tsx";
import { MatcherMenu, MatcherText } from "../panels/matcher-menu.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import { dimensionLabel } from "../state/dimensions.ts";
import type { SimpleMatcher } from "../state/matcher-text.ts";
import {
  type FunnelView,
  funnelQuestion,
  PERSONS,
  parseFunnel,
  printFunnel,
  WINDOWS,
} from "../state/sequence-views.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty } from "../ui/notice.tsx";

const PERSON_TEXT: Record<(typeof PERSONS)[number], string> = { visitor: "Visitors", session: "Visits", user: "Users" };
const WINDOW_TEXT: Record<(typeof WINDOWS)[number], string> = {
  "": "the whole period",
  session: "one visit",
  3600000: "an hour",
  86400000: "a day",
  604800000: "a week",
  2592000000: "30 days",
};

const MOST_STEPS = 10;

interface StepsProps {
  steps: SimpleMatcher[];
  onSteps: (steps: SimpleMatcher[]) => void;
}

function moved(steps: SimpleMatcher[], from: number, to: number): SimpleMatcher[] {
  const step = steps[from];
  if (!step || to < 0 || to >= steps.length) return steps;
  return steps.toSpliced(from, 1).toSpliced(to, 0, step);
}

function Steps({ steps, onSteps }: StepsProps) {
  return (
    <ol class="funnel-steps">
      {steps.map((step, i) => (
        <li key={`${i} ${step.kind} ${step.value}`}>
          <span class="funnel-number">{i + 1}</span>
          <MatcherMenu
            label={<MatcherText matcher={step} />}
            title={`Step ${i + 1}`}
            onChoose={(chosen) => onSteps(steps.with(i, chosen))}
          />
          <button
            type="button"
            class="icon-button"
            aria-label={`Move step ${i + 1} up`}
            disabled={i === 0}
            onClick={() => onSteps(moved(steps, i, i - 1))}
          >
            <Icon name="up" size={14} />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={`Remove step ${i + 1}`}
            onClick={() => onSteps(steps.toSpliced(i, 1))}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
      {steps.length < MOST_STEPS && (
        <li>
          <MatcherMenu
            quiet
            label={
              <>
                <Icon name="plus" size={14} />
                {steps.length === 0 ? "First step" : "Next step"}
              </>
            }
            title="Add a step"
            onChoose={(chosen) => onSteps([...steps, chosen])}
          />
        </li>
      )}
    </ol>
  );
}

function Breakdown({ breakdown, onBreakdown }: { breakdown: string; onBreakdown: (dimension: string) => void }) {
  if (breakdown === "") return <DimensionMenu label="Break down" without={["time"]} onChoose={onBreakdown} />;
  return (
    <span class="chosen">
      by {dimensionLabel(breakdown)}
      <button type="button" class="chip-remove" aria-label="No breakdown" onClick={() => onBreakdown("")}>
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}

function Funnel() {
  const viewing = useViewing();
  const { site, view, set } = viewing;
  const funnel = parseFunnel(view);
  const change = (part: Partial<FunnelView>) => set(printFunnel({ ...funnel, ...part }));
  const asked = funnelQuestion(viewing, funnel);
  return (
    <div class="beside-answer">
      <section class="panel card" aria-label="Steps">
        <h2>Steps</h2>
        <FunnelShelf funnel={funnel} onOpen={(kept) => set(printFunnel(kept))} />
        <Steps steps={funnel.steps} onSteps={(steps) => change({ steps })} />
        <Choice
          label="Count"
          chosen={funnel.by}
          options={PERSONS.map((id) => ({ id, label: PERSON_TEXT[id] }))}
          onChoose={(by) => change({ by })}
        />
        <Choice
          label="Within"
          chosen={funnel.window}
          options={WINDOWS.map((id) => ({ id, label: WINDOW_TEXT[id] }))}
          onChoose={(window) => change({ window })}
        />
        <Breakdown breakdown={funnel.breakdown} onBreakdown={(breakdown) => change({ breakdown })} />
      </section>
      {asked ? (
        <AnswerPanel
          site={site}
          title="Funnel"
          asked={asked}
          empty="Nobody reached the first step. Choose a longer period, or another first step."
        />
      ) : (
        <section class="panel card">
          <Empty title="Choose two steps or more">
            A step is a page, an event or a goal. Others may happen between two steps; their order counts.
          </Empty>
        </section>
      )}
    </div>
  );
}

export function FunnelsPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Funnels" plain>
      <Funnel />
    </ViewingFrame>
  );
}
