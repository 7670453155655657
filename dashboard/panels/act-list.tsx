// Acts, newest first: who, what and when, and on opening one what it changed.
import { differences, type ShownAct, whoOf } from "../state/audit.ts";
import { formatClock, formatDate } from "../state/format.ts";

function Changes({ act }: { act: ShownAct }) {
  const changes = differences(act.before, act.after);
  if (changes.length === 0) return null;
  return (
    <table class="act-changes">
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field || "All of it"}</th>
            <td>{before === "" ? <span class="faint">–</span> : <del>{before}</del>}</td>
            <td>{after === "" ? <span class="faint">–</span> : <ins>{after}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  if (value === "") return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd class="mono">{value}</dd>
    </div>
  );
}

function Act({ act }: { act: ShownAct }) {
  const { at, summary, outcome, target } = act;
  return (
    <li>
      <details class="act">
        <summary>
          <span class="act-what">
            {summary}
            {outcome === "refused" && <span class="act-refused">Refused</span>}
          </span>
          <span class="act-who">{whoOf(act)}</span>
          <time class="faint" dateTime={new Date(at).toISOString()}>
            {formatDate(at)}, {formatClock(at, { seconds: true })}
          </time>
        </summary>
        <Changes act={act} />
        <dl class="act-facts">
          <Fact label="Where" value={target} />
          <Fact label="Act" value={act.action} />
          <Fact label="Actor" value={act.actor} />
          <Fact label="Country" value={act.country} />
          <Fact label="Origin" value={act.origin} />
          <Fact label="Request" value={act.requestId} />
          <Fact label="Number" value={String(act.seq)} />
          <Fact label="Seal" value={act.hash} />
        </dl>
      </details>
    </li>
  );
}

export function ActList({ acts }: { acts: readonly ShownAct[] }) {
  return (
    <ol class="acts">
      {acts.map((act) => (
        <Act key={act.seq} act={act} />
      ))}
    </ol>
  );
}
