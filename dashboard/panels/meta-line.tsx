// What an answer is: exact or not, of which period and zone, how fresh, and what to know of it.
import type { QueryMeta } from "../../workers/domain/query.ts";
import type { Asked } from "../state/content.ts";
import { formatClock, formatExact } from "../state/format.ts";

interface MetaLineProps {
  meta: QueryMeta;
  asked: Asked;
  timeZone: string;
  stale: boolean;
}

const rangeText = (range: Asked["date_range"]): string => (Array.isArray(range) ? range.join(" to ") : range);

export function MetaLine({ meta, asked, timeZone, stale }: MetaLineProps) {
  const { exact, scanned, rolled, ms, freshness, notes = [] } = meta;
  const read = [
    scanned > 0 ? `${formatExact(scanned)} events` : "",
    rolled > 0 ? `${formatExact(rolled)} finished counts` : "",
  ].filter(Boolean);
  return (
    <footer class="meta-line">
      <p
        title={`Period ${rangeText(asked.date_range)}, ${timeZone}. ${read.join(" and ")} read in ${formatExact(Math.round(ms))} ms.`}
      >
        {exact ? "Exact" : "Estimated"} · {rangeText(asked.date_range)} · {timeZone}
        {freshness !== null && <> · newest {formatClock(freshness, { timeZone, seconds: true })}</>}
      </p>
      {stale && <p class="stale">The last refresh failed; these are the figures from before.</p>}
      {notes.map(({ code, message }) => (
        <p key={code} class="meta-note">
          {message.charAt(0).toUpperCase() + message.slice(1)}.
        </p>
      ))}
    </footer>
  );
}
