// What an answer is: exact or not, of which period and zone, how fresh, and what to know of it.
import type { QueryMeta } from "../../workers/domain/query.ts";
import type { Asked } from "../state/content.ts";
import { counted, formatClock, formatDays, formatExact } from "../state/format.ts";
import { type Calendar, daysOf, PRESETS, periodAsking } from "../state/periods.ts";
import { useViewing } from "../state/viewing.ts";

export interface Answered {
  meta: QueryMeta;
  asked: Asked;
}

/** As the period's menu calls it, and the days that it covers. */
function periodText(range: Asked["date_range"], calendar: Calendar): { name: string; days: string } {
  const period = periodAsking(range, calendar.today);
  if (!period) return { name: Array.isArray(range) ? range.join(" to ") : range, days: "" };
  const days = formatDays(...daysOf(period, calendar));
  return { name: period.name === "custom" ? days : PRESETS[period.name].label, days };
}

/** All of it in a sentence or two, for whoever asks. */
export function useAnswerText(): (answered: Answered) => string {
  const { site, calendar } = useViewing();
  return ({ meta: { exact, scanned, rolled, ms, freshness }, asked }) => {
    const { name, days } = periodText(asked.date_range, calendar);
    const period = days === "" || days === name ? name : `${name} (${days})`;
    const clock = freshness !== null && formatClock(freshness, { timeZone: site.timeZone, seconds: true });
    const read = [scanned > 0 && counted(scanned, "event"), rolled > 0 && counted(rolled, "finished count")].filter(
      Boolean,
    );
    return [
      `${exact ? "Exact" : "Estimated"}: ${period}, ${site.timeZone}${clock ? `, newest ${clock}` : ""}.`,
      read.length > 0 && `${read.join(" and ")} read in ${formatExact(Math.round(ms))} ms.`,
    ]
      .filter(Boolean)
      .join(" ");
  };
}

export function MetaLine({ meta, asked, stale }: Answered & { stale: boolean }) {
  const { site, calendar } = useViewing();
  const answerText = useAnswerText();
  const { exact, freshness, notes = [], metric_warnings = {} } = meta;
  const told = [...Object.values(metric_warnings).map(({ warning }) => warning), ...notes.map((note) => note.message)];
  return (
    <footer class="meta-line">
      <p title={answerText({ meta, asked })}>
        {exact ? "Exact" : "Estimated"} · {periodText(asked.date_range, calendar).name}
        {freshness !== null && <> · newest {formatClock(freshness, { timeZone: site.timeZone, seconds: true })}</>} ·{" "}
        {site.timeZone}
      </p>
      {stale && <p class="stale">The last refresh failed; these are the figures from before.</p>}
      {[...new Set(told)].map((text) => (
        <p key={text} class="meta-note">
          {text.charAt(0).toUpperCase() + text.slice(1)}.
        </p>
      ))}
    </footer>
  );
}
