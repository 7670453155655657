// The first run after a site is made: the snippet, then a wait that ends by itself with the first event.
import { useEffect, useState } from "preact/hooks";
import type { LiveEvent } from "../../workers/domain/live.ts";
import type { Site } from "../../workers/domain/site.ts";
import { DropList } from "../panels/answer-note.tsx";
import { formatClock } from "../state/format.ts";
import { live } from "../state/live.ts";
import { siteHref } from "../state/router.ts";
import { collectOrigin } from "../state/session.ts";
import { loadStatus, type SiteStatus, snippetOf } from "../state/sites.ts";
import { Snippet } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Steps } from "../ui/steps.tsx";

const POLL_MS = 3000;

/** Asks until the first event is there; the live socket usually knows sooner. */
function useStatus(siteId: string): SiteStatus | null {
  const [status, setStatus] = useState<SiteStatus | null>(null);
  const arrived = (status?.firstEventAt ?? null) !== null;
  useEffect(() => {
    if (arrived) return;
    const poll = () => void loadStatus(siteId).then((reply) => reply.ok && setStatus(reply.value));
    poll();
    const timer = setInterval(poll, POLL_MS);
    return () => clearInterval(timer);
  }, [siteId, arrived]);
  return status;
}

function Waiting({ status, site }: { status: SiteStatus | null; site: Site }) {
  const dropped = Object.values(status?.drops ?? {}).some((count) => count > 0);
  return (
    <section class="panel wait" role="status">
      <span class="pulse" aria-hidden="true" />
      <div>
        <h2>Waiting for the first event…</h2>
        <p>
          Open a page that has the snippet. It shows here by itself, usually within a second. Your own browser counts
          too, unless it sends Do Not Track.
        </p>
        {status && dropped && (
          <>
            <p>Something arrived and was filtered:</p>
            <DropList drops={status.drops} />
            <p>
              <a href={siteHref(site.id, "settings")}>Check the site's settings</a>
            </p>
          </>
        )}
      </div>
    </section>
  );
}

function Arrived({ event, at, site }: { event: LiveEvent | undefined; at: number; site: Site }) {
  return (
    <section class="panel wait arrived" role="status">
      <span class="arrived-mark">
        <Icon name="check" size={20} />
      </span>
      <div>
        <h2>We saw your first event</h2>
        <p>
          {event ? (
            <>
              {event.name === "pageview" ? "A view of " : <b>{event.name} on </b>}
              <code>{event.path}</code> at{" "}
            </>
          ) : (
            "At "
          )}
          {formatClock(at, { timeZone: site.timeZone, seconds: true })}
        </p>
        <p class="actions">
          <a class="button primary" href={siteHref(site.id, "live")}>
            Watch it live
          </a>
          <a class="button" href={siteHref(site.id)}>
            Go to the overview
          </a>
        </p>
      </div>
    </section>
  );
}

export function StartPage({ site }: { site: Site }) {
  const status = useStatus(site.id);
  const event = live.value?.state.events.at(-1);
  const at = status?.firstEventAt ?? event?.at ?? null;
  return (
    <div class="narrow">
      <Steps at={at === null ? 1 : 3} />
      <section class="panel form">
        <h1>Paste this into {site.name}</h1>
        <p>
          One line, inside <code>&lt;head&gt;</code> on every page. No cookies, no banner needed for it.
        </p>
        <Snippet code={snippetOf(site, collectOrigin())} />
      </section>
      {at === null ? <Waiting status={status} site={site} /> : <Arrived event={event} at={at} site={site} />}
      <p class="field-hint after">
        You can come back later: the snippet is also under <a href={siteHref(site.id, "settings")}>Settings</a>.
      </p>
    </div>
  );
}
