// How the site's rules did in the last 90 days, and what would wake less.
import { useEffect, useState } from "preact/hooks";
import { formatDuration } from "../state/format.ts";
import { type IncidentHistory, loadHistory } from "../state/incidents.ts";
import { Sideways } from "../ui/sideways.tsx";

const time = (ms: number | null): string => formatDuration(ms === null ? null : ms / 1000);

/** Each mean with what it is over: what was acknowledged may have lasted longer than the rest. */
function summaryOf({ fired, ignored, acknowledged, resolved, mtta, mttr }: IncidentHistory): string {
  const times = fired === 1 ? "once" : `${fired} times`;
  const noise = ignored === 0 ? "" : ` Nobody acted on ${ignored === fired ? "any" : ignored} of them.`;
  if (mttr === null) return `Fired ${times}; none is over yet.${noise}`;
  const seen =
    mtta === null
      ? "none of them acknowledged"
      : `${acknowledged} of them acknowledged, after ${time(mtta)} on the mean`;
  return `Fired ${times}; ${resolved} over, after ${time(mttr)} on the mean; ${seen}.${noise}`;
}

/** `turn`: loads anew when it changes. */
export function AlertHistory({ siteId, turn }: { siteId: string; turn: string }) {
  const [history, setHistory] = useState<IncidentHistory | null>(null);
  useEffect(() => {
    void loadHistory(siteId).then((reply) => reply.ok && setHistory(reply.value));
  }, [siteId, turn]);
  if (!history || history.fired === 0) return null;
  return (
    <section class="panel form">
      <h2>The last 90 days</h2>
      <p>{summaryOf(history)}</p>
      <Sideways label="Rules in the last 90 days" kind="alert-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Rule</th>
              <th scope="col">Fired</th>
              <th scope="col">Never acted on</th>
              <th scope="col">Acknowledged after</th>
              <th scope="col">Over after</th>
            </tr>
          </thead>
          <tbody>
            {history.rules.map(({ ruleId, name, fired, ignored, mtta, mttr }) => (
              <tr key={ruleId}>
                <th scope="row">{name}</th>
                <td>{fired}</td>
                <td>{ignored}</td>
                <td>{time(mtta)}</td>
                <td>{time(mttr)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Sideways>
      {history.rules.map(
        ({ ruleId, name, advice }) =>
          advice !== null && (
            <p key={ruleId} class="alert-advice">
              <b>{name}.</b> {advice}
            </p>
          ),
      )}
    </section>
  );
}
