// What was sent to whom, what waits, and what could not be sent.
import type { AlertChannel, AlertDelivery } from "../state/alerts.ts";
import { formatClock, formatDate } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";

const STATE = { due: "Waits", sent: "Sent", shown: "Only here", failed: "Failed" } as const;

interface DeliveriesProps {
  list: Listed<AlertDelivery>;
  channels: readonly AlertChannel[];
}

export function AlertDeliveries({ list: { items, failure, load }, channels }: DeliveriesProps) {
  const labels = new Map(channels.map(({ id, label }) => [id, label]));
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
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, createdAt, kind, name, channelId, state, tries, told }) => (
                <tr key={id}>
                  <td>
                    {formatDate(createdAt)} {formatClock(createdAt)}
                  </td>
                  <td>
                    {name}: {kind}
                  </td>
                  <td>{labels.get(channelId) ?? "removed"}</td>
                  <td>
                    {STATE[state]}
                    {tries > 1 && `, ${tries} tries`}
                    {state !== "sent" && told !== "" && <span class="faint"> {told}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </section>
  );
}
