// The score of the last day that was judged: its five aspects, what cost points, and how it was on the days before.
import { ASPECTS, type Aspect } from "../../workers/domain/quality.ts";
import type { Site } from "../../workers/domain/site.ts";
import { formatBucket, formatExact, MISSING } from "../state/format.ts";
import { ASPECT_LABELS, type Quality } from "../state/quality.ts";
import { siteHref } from "../state/router.ts";
import { ColumnHeads } from "../ui/column-heads.tsx";
import { Empty } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";
import { Panel } from "./panel.tsx";

const WIDTH = 600;
const HEIGHT = 120;
const pointsText = (points: number | null): string => (points === null ? MISSING : String(points));

/** The whole scale is shown where a day was bad, else its upper end. */
function lowestShown(values: readonly number[]): number {
  return Math.max(0, Math.floor((Math.min(100, ...values) - 5) / 10) * 10);
}

/** Gaps where a day has no score. */
function ScoreLine({ series }: { series: Quality["series"] }) {
  const known = series.flatMap(({ total }) => total ?? []);
  const low = lowestShown(known);
  const step = WIDTH / Math.max(1, series.length - 1);
  const y = (total: number) => 4 + ((100 - total) / Math.max(1, 100 - low)) * (HEIGHT - 8);
  const line = series
    .map(({ total }, place) => {
      if (total === null) return "";
      const moves = place === 0 || series[place - 1]?.total === null;
      return `${moves ? "M" : "L"}${(place * step).toFixed(1)} ${y(total).toFixed(1)}`;
    })
    .join("");
  const [first, last] = [series[0], series.at(-1)];
  return (
    <figure class="score-line" aria-label="Score by day">
      <div class="score-plot">
        <span class="faint">100</span>
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <path class="score-path" d={line} vector-effect="non-scaling-stroke" />
        </svg>
        <span class="faint">{low}</span>
      </div>
      <figcaption class="score-days faint">
        <span>{first && formatBucket(first.day, "day", "axis")}</span>
        <span>{last && formatBucket(last.day, "day", "axis")}</span>
      </figcaption>
      <ul class="unseen">
        {series.map(({ day, total }) => (
          <li key={day}>
            {day}: {pointsText(total)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function AspectBar({ name, points, objective }: { name: Aspect; points: number | null; objective?: number }) {
  const isLow = objective !== undefined && points !== null && points < objective;
  return (
    <li class="aspect">
      <span class="aspect-name">
        {ASPECT_LABELS[name]} <b>{pointsText(points)}</b>
      </span>
      <span class={isLow ? "kpi-track missed" : "kpi-track met"} aria-hidden="true">
        <div style={{ width: `${points ?? 0}%` }} />
      </span>
      <span class="faint">
        {ASPECTS[name]}
        {objective !== undefined && `; ${objective} or more is the objective`}
      </span>
    </li>
  );
}

function Reasons({ score }: { score: NonNullable<Quality["score"]> }) {
  if (score.reasons.length === 0) return <p>Nothing cost a point.</p>;
  return (
    <>
      <h3>What cost points</h3>
      <ul class="quality-reasons">
        {score.reasons.slice(0, 12).map(({ aspect, cost, reason }) => (
          <li key={`${aspect} ${reason}`}>
            <b>−{cost}</b> {ASPECT_LABELS[aspect]}: {reason}
          </li>
        ))}
      </ul>
    </>
  );
}

interface QualityPanelProps {
  site: Site;
  quality: Quality;
}

export function QualityScorePanel({ site, quality }: QualityPanelProps) {
  const { event, score, day, series, objective, sample } = quality;
  const title = event === "" ? "Score" : `Score of ${event}`;
  const back = event !== "" && <a href={siteHref(site.id, "quality")}>Whole site</a>;
  if (!score || !day || score.total === null) {
    return (
      <Panel title={title} wide aside={back}>
        <Empty title={day ? `No event came on ${formatBucket(day, "day", "full")}` : "No day was judged yet"}>
          Each day is judged an hour after its end, in the site's time zone. Come back tomorrow.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel
      title={title}
      wide
      aside={
        <span class="faint">
          {back} {formatBucket(day, "day", "full")}
        </span>
      }
    >
      <div class="quality-score">
        <p class="score-total">
          <span class="number-value">{pointsText(score.total)}</span> <span class="faint">of 100</span>
        </p>
        <ScoreLine series={series} />
      </div>
      <ul class="aspects">
        {(Object.keys(ASPECTS) as Aspect[]) // the keys of a constant
          .map((name) => (
            <AspectBar
              key={name}
              name={name}
              points={score.aspects[name]}
              {...(name === "completeness" && { objective: objective.completeness })}
            />
          ))}
      </ul>
      <Reasons score={score} />
      {sample && sample.events > 0 && (
        <p class="faint">
          Values were looked at in {formatExact(sample.events)} events
          {sample.share < 1 && `, those of ${(100 * sample.share).toPrecision(2)} % of the visitors`}.
        </p>
      )}
    </Panel>
  );
}

/** Each event by itself, those of most events first. */
export function QualityEventsPanel({ site, quality }: QualityPanelProps) {
  const { events } = quality;
  if (events.length === 0) return null;
  return (
    <Panel title="Events" wide>
      <Sideways kind="sortable-scroll plan-table" label="Score of each event">
        <table>
          <caption class="unseen">Score of each event</caption>
          <ColumnHeads names={["Event", "Events", "Score", "What cost most"]} />
          <tbody>
            {events.slice(0, 50).map(({ event, events: count, score }) => (
              <tr key={event}>
                <th scope="row">
                  <a href={siteHref(site.id, "quality", new URLSearchParams({ event }).toString())}>
                    <code>{event}</code>
                  </a>
                </th>
                <td>{formatExact(count)}</td>
                <td>{pointsText(score.total)}</td>
                <td class="faint">{score.reasons[0]?.reason ?? "nothing"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
    </Panel>
  );
}
