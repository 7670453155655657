// Whether events arrive: what the site knew when the page was opened, and what the live socket has brought since.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { live, serverNow } from "../state/live.ts";
import { siteHref } from "../state/router.ts";
import { loadStatus, type SiteStatus } from "../state/sites.ts";

const LATELY_MS = 60_000;

export function SnippetCheck({ site }: { site: Site }) {
  const [status, setStatus] = useState<SiteStatus | null>(null);
  useEffect(() => {
    void loadStatus(site.id).then((reply) => reply.ok && setStatus(reply.value));
  }, [site.id]);
  if (!status) return null;
  const known = [status.lastEventAt, live.value?.state.events[0]?.at ?? null].filter((at) => at !== null);
  const lastEventAt = Math.max(...known);
  if (known.length === 0) {
    return (
      <p class="check" role="status">
        <span class="dot waiting" aria-hidden="true" />
        No event has come yet. <a href={siteHref(site.id, "start")}>Set it up step by step</a>
      </p>
    );
  }
  const lately = serverNow.value - lastEventAt < LATELY_MS;
  return (
    <p class="check" role="status">
      <span class={lately ? "dot" : "dot waiting"} aria-hidden="true" />
      {lately ? "Events arrive" : "The last event came"}
      {lately ? ": the last one " : " "}
      {formatDate(lastEventAt)}, {formatClock(lastEventAt, { seconds: true })}
    </p>
  );
}
