// How often a rule would have woken somebody, with the chart of what it looked at.
import { FiredLine } from "../charts/fired-line.tsx";
import type { BackTest } from "../state/alerts.ts";
import { formatClock, formatDate } from "../state/format.ts";

const SHOWN = 5;
const DAY_MS = 24 * 3600_000;

export function AlertTried({ tried }: { tried: BackTest }) {
  const { woken, series, until } = tried;
  const days = Math.max(1, Math.round((until - tried.from) / DAY_MS));
  const times = woken.length === 1 ? "once" : `${woken.length} times`;
  const last = days === 1 ? "day" : `${days} days`;
  // Of a split one value is drawn, with its own firings.
  const drawn = series?.part ? woken.filter(({ name }) => name.endsWith(`: ${series.part}`)) : woken;
  return (
    <div role="status" class="alert-tried">
      <p>
        {woken.length === 0
          ? `With this rule nobody would have been woken in the last ${last}.`
          : `With this rule you would have been woken ${times} in the last ${last}.`}
      </p>
      {series && series.values.length > 1 && (
        <figure>
          <FiredLine {...series} until={until} fired={drawn} />
          <figcaption class="faint">
            {series.label}, {series.step < 3600_000 ? "by the minute" : "by the hour"}
          </figcaption>
        </figure>
      )}
      <ul class="alert-woken">
        {woken
          .slice(-SHOWN)
          .toReversed()
          .map(({ at, reason, name }) => (
            <li key={`${at} ${name}`}>
              {formatDate(at)} {formatClock(at)}
              {series?.part ? ` ${name}` : ""}: {reason}
            </li>
          ))}
      </ul>
    </div>
  );
}
