// Events per minute of the last half hour as bars that move on with the clock.
import { LIVE_MINUTES, type LiveMinute } from "../../workers/domain/live.ts";
import { counted, formatClock, formatExact } from "../state/format.ts";
import { ceiling } from "./ceiling.ts";

export function MinuteBars({ minutes, timeZone }: { minutes: LiveMinute[]; timeZone: string }) {
  const top = ceiling(Math.max(...minutes.map(({ events }) => events)));
  const total = minutes.reduce((sum, { events }) => sum + events, 0);
  const last = minutes.length - 1;
  return (
    <figure class="minutes" aria-label={`${counted(total, "event")} in the last ${LIVE_MINUTES} minutes`}>
      <div class="minutes-scale" aria-hidden="true">
        <span>{formatExact(top)}</span>
        <span>{formatExact(top / 2)}</span>
        <span>0</span>
      </div>
      <ol class="minutes-bars">
        {minutes.map(({ start, events, pageviews }, i) => {
          const text = `${formatClock(start, { timeZone })}: ${counted(events, "event")}, ${counted(pageviews, "page view")}`;
          return (
            <li key={start} title={text} class={i === last ? "now" : ""}>
              <span class="unseen">{text}</span>
              <span class="minute-bar" style={{ height: `${(events / top) * 100}%` }} />
            </li>
          );
        })}
      </ol>
      <div class="minutes-axis" aria-hidden="true">
        <span>{formatClock(minutes[0]?.start ?? 0, { timeZone })}</span>
        <span>{formatClock(minutes[Math.floor(minutes.length / 2)]?.start ?? 0, { timeZone })}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
