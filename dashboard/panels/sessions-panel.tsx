// Where the reader is signed in, with a way to end it.
import { formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { deviceText, endOtherSessions, endOwnSession, loadOwnSessions } from "../state/me.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

export function SessionsPanel({ round }: { round: number }) {
  const list = useListed(String(round), async () => mapReply(await loadOwnSessions(), ({ sessions }) => sessions));
  const { items, failure } = list;
  return (
    <section class="panel form">
      <h2>Sessions</h2>
      <p>Where you are signed in. One that you do not know is best ended, and the password changed.</p>
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items && (
        <ul class="access-list">
          {items.map(({ id, userAgent, createdAt, current }) => (
            <li key={id}>
              <span class="access-who">
                <b>{deviceText(userAgent)}</b> {current && <span class="tag">this one</span>}
                <span class="faint">since {formatDate(createdAt)}</span>
              </span>
              {!current && (
                <button
                  type="button"
                  class="button small"
                  aria-label={`End the session of ${deviceText(userAgent)} since ${formatDate(createdAt)}`}
                  onClick={() => void list.change(endOwnSession(id))}
                >
                  End
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {items && items.length > 1 && (
        <button type="button" class="button" onClick={() => void list.change(endOtherSessions())}>
          End all others
        </button>
      )}
    </section>
  );
}
