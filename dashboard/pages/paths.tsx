// Where visits go from a page or event, or how they come to it.
import type { Site } from "../../workers/domain/site.ts";
import { AnswerPanel } from "../panels/answer-panel.tsx";
import { MatcherField } from "../panels/matcher-menu.tsx";
import { ViewingFrame } from "../panels/viewing-frame.tsx";
import {
  DEPTHS,
  DIRECTIONS,
  PATH_STEPS,
  type PathsView,
  parsePaths,
  pathsQuestion,
  printPaths,
} from "../state/sequence-views.ts";
import { useViewing } from "../state/viewing.ts";
import { Choice } from "../ui/choice.tsx";

const DIRECTION_TEXT = { from: "Starting at", to: "Leading to" } as const;
const STEP_TEXT = { pages: "Pages", events: "Events", all: "Pages and events" } as const;

function Paths() {
  const viewing = useViewing();
  const { site, view, set } = viewing;
  const paths = parsePaths(view);
  const change = (part: Partial<PathsView>) => set(printPaths({ ...paths, ...part }));
  const where = paths.anchor
    ? `${paths.direction === "from" ? "from" : "to"} ${paths.anchor.value}`
    : "from the start of a visit";
  return (
    <>
      <div class="options">
        <Choice
          label="Show"
          chosen={paths.direction}
          options={DIRECTIONS.map((id) => ({ id, label: DIRECTION_TEXT[id] }))}
          onChoose={(direction) => change({ direction })}
        />
        <MatcherField
          title="Where paths start or lead"
          any={paths.direction === "from" ? "the start of the visit" : "the end of the visit"}
          chosen={paths.anchor}
          onChoose={(anchor) => change({ anchor })}
        />
        <Choice
          label="Steps are"
          chosen={paths.steps}
          options={PATH_STEPS.map((id) => ({ id, label: STEP_TEXT[id] }))}
          onChoose={(steps) => change({ steps })}
        />
        <Choice
          label="Depth"
          chosen={String(paths.depth)}
          options={DEPTHS.map((depth) => ({ id: String(depth), label: `${depth} steps` }))}
          onChoose={(depth) => change({ depth: Number(depth) })}
        />
      </div>
      <div class="explored">
        <AnswerPanel
          site={site}
          title={`Paths ${where}`}
          asked={pathsQuestion(viewing, paths)}
          onValue={(dimension, value) =>
            change({ anchor: { kind: dimension === "event:page" ? "page" : "event", value } })
          }
        />
      </div>
    </>
  );
}

export function PathsPage({ site }: { site: Site }) {
  return (
    <ViewingFrame site={site} title="Paths" plain>
      <Paths />
    </ViewingFrame>
  );
}
