// What fires and what has fired, each with its story.
import { useState } from "preact/hooks";
import { actOnIncident, type Incident, type IncidentEntry, loadIncident, noteOnIncident } from "../state/alerts.ts";
import { formatClock, formatDate } from "../state/format.ts";
import type { Listed } from "../state/listed.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";

const STATE = {
  firing: { text: "Firing", tone: "worse", icon: "bell" },
  acknowledged: { text: "Seen", tone: "near", icon: "pulse" },
  resolved: { text: "Resolved", tone: "better", icon: "check" },
} as const;

const ENTRY = { firing: "Fired", acknowledged: "Acknowledged", resolved: "Resolved", note: "Note" } as const;

const when = (at: number): string => `${formatDate(at)} ${formatClock(at)}`;

interface IncidentsProps {
  siteId: string;
  list: Listed<Incident>;
  mayAct: boolean;
}

function Story({ siteId, incident, mayAct }: { siteId: string; incident: Incident; mayAct: boolean }) {
  const [entries, setEntries] = useState<IncidentEntry[] | null>(null);
  const [note, setNote] = useState("");
  const [isOpen, setIsOpen] = useState(false);
  const load = async () => {
    const reply = await loadIncident(siteId, incident.id);
    if (reply.ok) setEntries(reply.value.entries);
  };
  const write = async (event: Event) => {
    event.preventDefault();
    const reply = await noteOnIncident(siteId, incident.id, note);
    if (!reply.ok) return;
    setNote("");
    await load();
  };
  return (
    <details
      class="alert-story"
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
        if (event.currentTarget.open) void load();
      }}
    >
      <summary>What happened</summary>
      {isOpen && !entries && <Skeleton lines={2} />}
      <ol>
        {entries?.map(({ key, at, kind, by, text }) => (
          <li key={key}>
            <span class="faint">{when(at)}</span> {ENTRY[kind]}
            {by !== "" && ` by ${by}`}
            {text !== "" && `: ${text}`}
          </li>
        ))}
      </ol>
      {mayAct && (
        <form class="alert-note" onSubmit={write}>
          <input
            class="input"
            required
            aria-label={`Note on ${incident.name}`}
            placeholder="What was found, what was done"
            value={note}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
          <button type="submit" class="button">
            Write
          </button>
        </form>
      )}
    </details>
  );
}

function IncidentLine({ siteId, incident, list, mayAct }: IncidentsProps & { incident: Incident }) {
  const { id, name, state, openedAt, changedAt, reason, turn } = incident;
  const { text, tone, icon } = STATE[state];
  const act = (verb: "acknowledge" | "resolve") => void list.change(actOnIncident(siteId, id, verb));
  return (
    <li>
      <div class="alert-line">
        <span class={`status ${tone}`}>
          <Icon name={icon} size={12} />
          {text}
        </span>
        <b>{name}</b>
        {mayAct && state !== "resolved" && (
          <span class="alert-acts">
            {state === "firing" && (
              <button type="button" class="button small" onClick={() => act("acknowledge")}>
                Acknowledge
              </button>
            )}
            <button type="button" class="button small" onClick={() => act("resolve")}>
              Resolve
            </button>
          </span>
        )}
      </div>
      <p>{reason}</p>
      <p class="faint">
        Since {when(openedAt)}
        {state === "resolved" && `, resolved ${when(changedAt)}`}
        {turn > 1 && ` · fired ${turn} times`}
      </p>
      <Story siteId={siteId} incident={incident} mayAct={mayAct} />
    </li>
  );
}

export function AlertIncidents(props: IncidentsProps) {
  const { items, failure, load } = props.list;
  const open = items?.filter(({ state }) => state !== "resolved") ?? [];
  const over = items?.filter(({ state }) => state === "resolved") ?? [];
  return (
    <section class="panel form">
      <h2>Incidents</h2>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      {items && open.length === 0 && <p>Nothing is firing.</p>}
      <ul class="alert-incidents">
        {[...open, ...over].map((incident) => (
          <IncidentLine key={incident.id} incident={incident} {...props} />
        ))}
      </ul>
    </section>
  );
}
