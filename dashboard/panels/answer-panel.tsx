// A question's answer in a card of its own: asks, draws it by its shape, and says how it was counted. Fails by itself, tells how
// far a long question is, and lets it be stopped.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { Chart, loadChart } from "../charts/chart.tsx";
import type { ChartSetting } from "../charts/definition.ts";
import { type ChartName, chartFor, chartsOf, fitting } from "../charts/index.ts";
import { type Shown, useAnswer } from "../state/answers.ts";
import { type Answer, type Asked, type Content, contentOf, isEmpty, shapeOf } from "../state/content.ts";
import { useFiringMarks } from "../state/incidents.ts";
import { useMetricText } from "../state/metric-texts.ts";
import { Empty, Failed } from "../ui/notice.tsx";
import { AnswerMenu } from "./answer-menu.tsx";
import { MetaLine } from "./meta-line.tsx";
import { Panel } from "./panel.tsx";

/** Before that, a bar would only flicker. */
const PROGRESS_AFTER_MS = 1000;
const NONE: readonly string[] = [];

function Waiting({ progress, cancel }: Pick<Shown, "progress" | "cancel">) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PROGRESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="chart-wait skeleton" aria-busy="true">
      {late && progress && (
        <div class="chart-progress" role="status">
          <progress value={progress.value} max={1} aria-label="Read so far" />
          <button type="button" class="button small" onClick={cancel}>
            Stop
          </button>
        </div>
      )}
    </div>
  );
}

interface AnswerPanelProps extends Pick<ChartSetting, "onValue" | "onBucket" | "expected"> {
  site: Site;
  title: string;
  asked: Asked;
  /** The wanted chart; the usual one of the shape when left out or when it does not draw it. */
  chart?: ChartName | undefined;
  /** Lets the reader choose another chart for good; left out, the choice lasts as long as the panel. */
  onChart?: ((chart: ChartName) => void) | undefined;
  wide?: boolean;
  /** At the right of the title, before the menu. */
  aside?: ComponentChildren;
  /** Whether its menu offers to put it on a board. */
  addable?: boolean;
  /** Beneath the chart. */
  note?: ComponentChildren;
  /** What to do when there is nothing to show. */
  empty?: ComponentChildren;
}

/** The answer where it is one to this very question, else none: a chart would read it with the wrong shape. */
function contentFor(asked: Asked, result: Answer | null, textOf: ReturnType<typeof useMetricText>): Content | null {
  if (!result) return null;
  const content = contentOf(result, textOf);
  return content.shape === shapeOf(asked) ? content : null;
}

/** Of a chart along time; none of another. */
function metricsOf(content: Content | null): readonly string[] {
  const isTimed = content && "figures" in content && content.figures.grain !== null;
  return isTimed ? content.figures.metrics.map(({ name }) => name) : NONE;
}

export function AnswerPanel(props: AnswerPanelProps) {
  const { site, title, asked, wide = false, aside, addable = true, empty, note, expected, onValue, onBucket } = props;
  const { result, failure, loading, stale, progress, cancel, retry } = useAnswer(asked);
  const textOf = useMetricText(site.id);
  const content = contentFor(asked, result, textOf);
  const fired = useFiringMarks(site, metricsOf(content));
  const frame = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState<ChartName>();
  const wanted = own ?? props.chart;
  // Most answers are drawn as is usual of their shape, so that its code comes beside the answer.
  const chart = content ? chartFor(content, wanted) : (wanted ?? chartsOf(shapeOf(asked))[0] ?? "table");
  useEffect(() => loadChart(chart), [chart]);
  const choose = (name: ChartName) => {
    // What the address holds is not held here too, so that going back takes it back; a glance at the table it never holds.
    const kept = name === "table" ? undefined : props.onChart;
    setOwn(kept ? undefined : name);
    kept?.(name);
  };
  return (
    <Panel
      title={title}
      wide={wide}
      aside={
        <div class="panel-tools">
          {aside}
          <AnswerMenu
            site={site}
            asked={asked}
            meta={result && content ? result.meta : null}
            title={title}
            charts={content ? fitting(content) : []}
            chosen={chart}
            onChoose={choose}
            addable={addable}
            picture={() => frame.current?.closest("section") ?? null}
          />
        </div>
      }
    >
      <div ref={frame} class={loading && content ? "answer faded" : "answer"}>
        {failure && <Failed failure={failure} onRetry={retry} />}
        {!failure && !content && <Waiting progress={progress} cancel={cancel} />}
        {content && isEmpty(content) && (
          <Empty title="Nothing in this period">{empty ?? "Choose a longer period, or fewer filters."}</Empty>
        )}
        {content && !isEmpty(content) && (
          <Chart
            name={chart}
            content={content}
            title={title}
            asked={asked}
            timeZone={site.timeZone}
            marks={fired}
            expected={expected}
            onValue={onValue}
            onBucket={onBucket}
          />
        )}
      </div>
      {note}
      {result && content && <MetaLine meta={result.meta} asked={asked} stale={stale} />}
    </Panel>
  );
}
