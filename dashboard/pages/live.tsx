import { LIVE_WINDOW_MS, type LiveCount, type LiveEvent, type LiveState } from "../../workers/domain/live.ts";
import type { Site } from "../../workers/domain/site.ts";
import { MinuteBars } from "../charts/minute-bars.tsx";
import { RowList } from "../charts/row-list.tsx";
import { Value } from "../charts/value.tsx";
import { Panel } from "../panels/panel.tsx";
import { formatClock, formatExact } from "../state/format.ts";
import { connection, live, serverNow } from "../state/live.ts";
import { minuteWindow } from "../state/live-view.ts";
import { countryName } from "../state/places.ts";
import { siteHref } from "../state/router.ts";
import { Flag } from "../ui/flag.tsx";
import { Empty, Skeleton } from "../ui/notice.tsx";

const CONNECTION_TEXT = {
  connecting: "Connecting…",
  live: "Live",
  waiting: "Connection lost, trying again…",
  paused: "Paused while hidden",
} as const;

function ConnectionState() {
  return (
    <span class={`connection ${connection.value}`} role="status">
      <span class="dot" aria-hidden="true" />
      {CONNECTION_TEXT[connection.value]}
    </span>
  );
}

interface LiveListProps {
  title: string;
  column: string;
  dimension: string;
  counts: LiveCount[] | undefined;
  empty: string;
  unit?: string;
}

function LiveList({ title, column, dimension, counts, empty, unit = "Visitors" }: LiveListProps) {
  const top = counts?.[0]?.count ?? 0;
  return (
    <Panel title={title}>
      {!counts && <Skeleton lines={5} class="rows-skeleton" />}
      {counts?.length === 0 && <Empty title="Nothing right now">{empty}</Empty>}
      {counts && counts.length > 0 && (
        <RowList
          columns={[column, unit]}
          rows={counts.slice(0, 10).map(({ name, count }) => ({
            key: name,
            name: <Value dimension={dimension} value={name} />,
            share: top ? count / top : 0,
            figures: [formatExact(count)],
          }))}
        />
      )}
    </Panel>
  );
}

function StreamLine({ event, timeZone }: { event: LiveEvent; timeZone: string }) {
  const seen = event.name === "pageview";
  const facts = [event.source, event.browser, event.device].filter((fact) => fact !== "");
  return (
    <li class="stream-line">
      <time dateTime={new Date(event.at).toISOString()}>{formatClock(event.at, { timeZone, seconds: true })}</time>
      <span class="stream-place" title={countryName(event.country)}>
        <Flag code={event.country} />
        <span class="unseen">{countryName(event.country)}</span>
      </span>
      <span class="stream-what">
        {!seen && <b class="event-name">{event.name}</b>}
        <span class="stream-path" title={event.path}>
          {event.path}
        </span>
      </span>
      <span class="stream-facts">{facts.join(" · ")}</span>
    </li>
  );
}

function Stream({ events, site }: { events: LiveEvent[] | undefined; site: Site }) {
  return (
    <Panel title="Event stream" wide>
      {!events && <Skeleton lines={8} class="rows-skeleton" />}
      {events?.length === 0 && (
        <Empty title="Waiting for events">
          Open a page of your site in another tab. Nothing? <a href={siteHref(site.id, "start")}>Check the snippet</a>.
        </Empty>
      )}
      {events && events.length > 0 && (
        <ol class="stream" aria-label="Newest events first">
          {events.map((event) => (
            <StreamLine key={event.key} event={event} timeZone={site.timeZone} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Now({ state, site }: { state: LiveState | undefined; site: Site }) {
  const minutes = minuteWindow(state?.minutes ?? [], serverNow.value);
  return (
    <section class="panel lead now" aria-label="Now">
      <div class="now-figure">
        <p class="stat-label">Visitors now</p>
        <p class="now-count" aria-live="polite">
          {state ? formatExact(state.visitors) : "–"}
        </p>
        <p class="field-hint">in the last {LIVE_WINDOW_MS / 60_000} minutes</p>
        <ConnectionState />
      </div>
      <div class="now-minutes">
        <h2 class="stat-label">Events per minute</h2>
        <MinuteBars minutes={minutes} timeZone={site.timeZone} />
      </div>
    </section>
  );
}

export function LivePage({ site }: { site: Site }) {
  const state = live.value?.state;
  return (
    <>
      <h1 class="unseen">{site.name}, live</h1>
      <Now state={state} site={site} />
      <div class="panels">
        <LiveList
          title="Pages"
          column="Page"
          dimension="event:page"
          counts={state?.pages}
          empty="Pages with visitors on them appear here."
        />
        <LiveList
          title="Sources"
          column="Source"
          dimension="visit:source"
          counts={state?.sources}
          empty="Where current visitors came from."
        />
        <LiveList
          title="Countries"
          column="Country"
          dimension="visit:country"
          counts={state?.countries}
          empty="Countries appear where the server knows them: on Cloudflare, or with a country database on one machine."
        />
        <LiveList
          title="Goals"
          column="Goal"
          dimension="event:goal"
          counts={state?.goals}
          unit="Last 30 min"
          empty="Conversions of the last 30 minutes. Goals are set under Settings."
        />
        <Stream events={state?.events} site={site} />
      </div>
    </>
  );
}
