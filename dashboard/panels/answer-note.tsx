// What the numbers are: exact or not, how much was read, how fresh, and what was filtered on the way in.
import { useEffect, useState } from "preact/hooks";
import { DROP_REASONS, type DropReason } from "../../workers/domain/drop-reason.ts";
import { refreshes, useAnswer } from "../state/answers.ts";
import { formatExact } from "../state/format.ts";
import { totalsQuestion } from "../state/questions.ts";
import { siteHref } from "../state/router.ts";
import { loadStatus, type SiteStatus } from "../state/sites.ts";
import { useViewing } from "../state/viewing.ts";
import { useAnswerText } from "./meta-line.tsx";

const isReason = (name: string): name is DropReason => Object.hasOwn(DROP_REASONS, name);

/** The refusals of the last 24 hours, most frequent first. */
export function DropList({ drops }: { drops: SiteStatus["drops"] }) {
  const entries = Object.entries(drops)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1]);
  return (
    <ul class="drops">
      {entries.map(([reason, count]) => (
        <li key={reason}>
          <b>{formatExact(count)}</b> {isReason(reason) ? DROP_REASONS[reason] : reason}
        </li>
      ))}
    </ul>
  );
}

export function AnswerNote() {
  const viewing = useViewing();
  const answerText = useAnswerText();
  const asked = totalsQuestion(viewing);
  const { result, stale } = useAnswer(asked);
  const [drops, setDrops] = useState<SiteStatus["drops"]>({});
  const siteId = viewing.site.id;
  const turn = refreshes.value;
  useEffect(() => {
    void loadStatus(siteId).then((reply) => reply.ok && setDrops(reply.value.drops));
  }, [siteId, turn]);
  const dropped = Object.values(drops).reduce((sum, count) => sum + count, 0);
  const meta = result?.meta;
  return (
    <footer class="answer-note">
      {meta && <p>{answerText({ meta, asked })}</p>}
      {stale && (
        <p class="stale">The last refresh failed; these are the figures from before. It is tried again every minute.</p>
      )}
      {dropped > 0 && (
        <details>
          <summary>Filtered in the last 24 hours: {formatExact(dropped)}</summary>
          <DropList drops={drops} />
          <a href={siteHref(siteId, "filtered")}>By day, with samples</a>
        </details>
      )}
    </footer>
  );
}
