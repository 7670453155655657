// Where events did not fit the plan, and those that were kept back for it.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { VIOLATION_RULES } from "../../workers/domain/tracking-plan.ts";
import { formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { mayIn } from "../state/session.ts";
import { type Held, loadHeld, loadViolations, replayHeld } from "../state/tracking-plan.ts";
import { ColumnHeads } from "../ui/column-heads.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Sideways } from "../ui/sideways.tsx";
import { Panel } from "./panel.tsx";

const placeOf = (event: string, property: string): string => (property === "" ? event : `${event} · ${property}`);

export function PlanViolations({ site, version }: { site: Site; version: number }) {
  const list = useListed(`${site.id} ${version}`, async () =>
    mapReply(await loadViolations(site.id), ({ violations }) => violations),
  );
  const { items, failure } = list;
  return (
    <Panel title="Violations of the last 30 days" wide>
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      {items?.length === 0 && <Empty title="Everything that came fits the plan" />}
      {items && items.length > 0 && (
        <Sideways kind="sortable-scroll plan-table" label="Violations">
          <table>
            <caption class="unseen">Violations by event, property and rule</caption>
            <ColumnHeads names={["Where", "What", "Mode", "Times", "Sent last", "Last seen"]} />
            <tbody>
              {items.map(({ event, property, rule, mode, count, sample, lastHour }) => (
                <tr key={`${event} ${property} ${rule} ${mode}`}>
                  <th scope="row">
                    <code>{placeOf(event, property)}</code>
                  </th>
                  <td>{VIOLATION_RULES[rule]}</td>
                  <td>
                    <span class={`tag plan-${mode}`}>{mode}</span>
                  </td>
                  <td>{count.toLocaleString("en")}</td>
                  <td>
                    <code>{sample}</code>
                  </td>
                  <td class="faint">{formatDate(lastHour)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </Panel>
  );
}

function HeldList({ events }: { events: readonly Held[] }) {
  return (
    <Sideways kind="sortable-scroll plan-table" label="Events in quarantine">
      <table>
        <caption class="unseen">Events in quarantine</caption>
        <ColumnHeads names={["Event", "Received", "Page", "Why", "Properties"]} />
        <tbody>
          {events.map(({ line, event, receivedAt, page, violations, props }) => (
            <tr key={line}>
              <th scope="row">
                <code>{event}</code>
              </th>
              <td class="faint">{formatDate(receivedAt)}</td>
              <td>{page}</td>
              <td>
                {violations.map(({ property, rule, message }) => (
                  <span key={`${property} ${rule}`} class="plan-property">
                    {property !== "" && <code>{property}</code>} {message}
                  </span>
                ))}
              </td>
              <td>
                <code>{JSON.stringify(props)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  );
}

export function PlanQuarantine({ site, version }: { site: Site; version: number }) {
  const [total, setTotal] = useState(0);
  const [said, setSaid] = useState("");
  const list = useListed(`${site.id} ${version}`, async () => {
    const reply = await loadHeld(site.id);
    if (reply.ok) setTotal(reply.value.total);
    return mapReply(reply, ({ events }) => events);
  });
  useEffect(() => setSaid(""), [version]);
  const { items, failure } = list;
  const replay = async () => {
    const done = await list.change(replayHeld(site.id));
    if (!done) return;
    const { replayed, refused } = done.value;
    setSaid(`${replayed} taken${refused > 0 ? `, ${refused} still refused by the plan` : ""}.`);
  };
  return (
    <Panel
      title="Quarantine"
      wide
      aside={
        mayIn(site.teamId, "define") && (
          <button type="button" class="button small" disabled={total === 0} onClick={() => void replay()}>
            Replay what fits by now
          </button>
        )
      }
    >
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      <p role="status">{said}</p>
      {items?.length === 0 && (
        <Empty title="Nothing is kept back">
          Events that an enforced entry of the plan refuses are kept here for 30 days.
        </Empty>
      )}
      {items && items.length > 0 && (
        <>
          <p class="faint">
            {total.toLocaleString("en")} in all{total > items.length && `, the first ${items.length} of them here`}.
            They are not counted; mend the plan, then replay them.
          </p>
          <HeldList events={items} />
        </>
      )}
    </Panel>
  );
}
