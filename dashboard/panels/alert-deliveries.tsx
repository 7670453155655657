// What was sent to whom, what waits, and what could not be sent.
import { memberOfChannel } from "../../workers/domain/member-channel.ts";
import { type AlertChannel, type AlertDelivery, replayDelivery } from "../state/alerts.ts";
import { formatClock, formatDate } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";

const STATE = { due: "Waits", sent: "Sent", shown: "Only here", failed: "Failed" } as const;

interface DeliveriesProps {
  siteId: string;
  /** Whether something may be sent once more. */
  isOwner: boolean;
  list: Listed<AlertDelivery>;
  channels: readonly AlertChannel[];
}

function Attempts({ attempts }: Pick<AlertDelivery, "attempts">) {
  return (
    <details>
      <summary class="faint">Every try</summary>
      <ol class="faint">
        {attempts.map(({ at, told }) => (
          <li key={at}>
            {formatClock(at)} {told}
          </li>
        ))}
      </ol>
    </details>
  );
}

export function AlertDeliveries({ siteId, isOwner, list, channels }: DeliveriesProps) {
  const { items, failure, load, change } = list;
  const labels = new Map(channels.map(({ id, label }) => [id, label]));
  const labelOf = (id: string) => labels.get(id) ?? (memberOfChannel(id) === null ? "removed" : "a member’s e-mail");
  return (
    <section class="panel form">
      <h2>Deliveries</h2>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      {items?.length === 0 && <p>Nothing was sent yet.</p>}
      {items && items.length > 0 && (
        <Sideways label="Deliveries" kind="alert-deliveries">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">Channel</th>
                <th scope="col">Outcome</th>
                {isOwner && <th scope="col">Again</th>}
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, createdAt, kind, name, channelId, state, tries, told, attempts }) => (
                <tr key={id}>
                  <td>
                    {formatDate(createdAt)} {formatClock(createdAt)}
                  </td>
                  <td>
                    {name}: {kind}
                  </td>
                  <td>{labelOf(channelId)}</td>
                  <td>
                    {STATE[state]}
                    {tries > 1 && `, ${tries} tries`}
                    {state !== "sent" && told !== "" && <span class="faint"> {told}</span>}
                    {attempts.length > 1 && <Attempts attempts={attempts} />}
                  </td>
                  {isOwner && (
                    <td>
                      {state !== "due" && (labels.has(channelId) || memberOfChannel(channelId) !== null) && (
                        <button
                          type="button"
                          class="button small"
                          aria-label={`Send “${name}: ${kind}” to ${labelOf(channelId)} once more`}
                          onClick={() => void change(replayDelivery(siteId, id))}
                        >
                          Replay
                        </button>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </section>
  );
}
