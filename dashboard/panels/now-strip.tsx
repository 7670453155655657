// A line about this moment above the figures of the period: who is here, the last half hour, where most are.
import type { Site } from "../../workers/domain/site.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import { formatExact } from "../state/format.ts";
import { connection, live, serverNow } from "../state/live.ts";
import { minuteWindow } from "../state/live-view.ts";
import { siteHref } from "../state/router.ts";

export function NowStrip({ site }: { site: Site }) {
  const state = live.value?.state;
  if (!state) return <div class="now-strip" aria-hidden="true" />;
  const lost = connection.value !== "live";
  const [top] = state.pages;
  return (
    <a class="now-strip" href={siteHref(site.id, "live")}>
      <span class={lost ? "online lost" : "online"}>
        <span class="dot" aria-hidden="true" />
        {formatExact(state.visitors)}
      </span>
      <span>
        {state.visitors === 1 ? "visitor" : "visitors"} now{lost && ", before the connection was lost"}
      </span>
      <Sparkline values={minuteWindow(state.minutes, serverNow.value).map(({ events }) => events)} />
      {top && (
        <span class="now-strip-top faint">
          most on <b>{top.name}</b>
        </span>
      )}
    </a>
  );
}
