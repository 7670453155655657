// Whether events arrive, looked at every few seconds while the page is open.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { serverNow } from "../state/live.ts";
import { siteHref } from "../state/router.ts";
import { loadStatus, type SiteStatus } from "../state/sites.ts";

const EVERY_MS = 5000;
const LATELY_MS = 60_000;

export function SnippetCheck({ site }: { site: Site }) {
  const [status, setStatus] = useState<SiteStatus | null>(null);
  useEffect(() => {
    const look = () => void loadStatus(site.id).then((reply) => reply.ok && setStatus(reply.value));
    look();
    const timer = setInterval(() => !document.hidden && look(), EVERY_MS);
    return () => clearInterval(timer);
  }, [site.id]);
  if (!status) return null;
  const { lastEventAt } = status;
  if (lastEventAt === null) {
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
