// All of one incident: what happened, who was told, who looks after it; and a note, another severity, another person.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { loadMembers, type Member } from "../state/access.ts";
import { formatClock, formatDate } from "../state/format.ts";
import {
  changeIncident,
  type Incident,
  type IncidentEntry,
  type IncidentStory,
  loadIncident,
  noteOnIncident,
  type Severity,
} from "../state/incidents.ts";
import { session } from "../state/session.ts";
import { Skeleton } from "../ui/notice.tsx";
import { SelectInput } from "../ui/select-input.tsx";

const ENTRY = {
  firing: "Fired",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  note: "Note",
  escalated: "Escalated",
  assigned: "Given to",
  severity: "Severity",
  ungrouped: "Told by itself",
} as const;

const TOLD = { due: "waits", sent: "sent", shown: "listed only", failed: "failed" } as const;
export const SEVERITIES = ["info", "warning", "critical"] as const;
export const SEVERITY_TEXT = { info: "Info", warning: "Warning", critical: "Critical" } as const;

export const when = (at: number): string => `${formatDate(at)} ${formatClock(at)}`;

function Entry({ at, kind, by, text }: IncidentEntry) {
  return (
    <li>
      <span class="faint">{when(at)}</span> {ENTRY[kind]}
      {kind === "assigned" ? ` ${text}` : ""}
      {by !== "" && ` by ${by}`}
      {kind !== "assigned" && text !== "" && `: ${text}`}
    </li>
  );
}

function Told({ told }: Pick<IncidentStory, "told">) {
  if (told.length === 0) return null;
  return (
    <>
      <h3>Who was told</h3>
      <ol>
        {told.map(({ channel, kind, state, at, answer }, index) => (
          <li key={index}>
            <span class="faint">{when(at)}</span> {channel}: {kind}, {TOLD[state]}
            {state !== "sent" && answer !== "" && <span class="faint"> ({answer})</span>}
          </li>
        ))}
      </ol>
    </>
  );
}

interface CareProps {
  site: Site;
  incident: Incident;
  onChanged: () => Promise<void>;
}

/** Severity, and who looks after it. */
function Care({ site, incident, onChanged }: CareProps) {
  const [members, setMembers] = useState<Member[]>([]);
  const [refused, setRefused] = useState("");
  useEffect(() => {
    void loadMembers(site.teamId).then((reply) => reply.ok && setMembers(reply.value.members));
  }, [site.teamId]);
  const change = async (fields: { severity?: Severity; assignee?: string | null }) => {
    const reply = await changeIncident(site.id, incident.id, fields);
    setRefused(reply.ok ? "" : reply.failure.detail);
    await onChanged();
  };
  const own = session.value.phase === "in" ? session.value.session.person?.id : undefined;
  const { assignee } = incident;
  const held = assignee?.id.replace(/^person /, "") ?? "";
  const others = members.filter(({ id }) => id !== own).map(({ id }) => id);
  // Whoever holds the deployment's token is no member; somebody who left is none any more.
  const options = ["", "me", ...others, ...(held === "" || held === own || others.includes(held) ? [] : [held])];
  const nameOf = (id: string) => {
    if (id === "") return "Nobody";
    if (id === "me") return "Me";
    return members.find((member) => member.id === id)?.name ?? assignee?.name ?? id;
  };
  return (
    <>
      <div class="form-grid">
        <SelectInput
          label="Severity"
          value={incident.severity}
          options={SEVERITIES}
          text={(severity) => SEVERITY_TEXT[severity]}
          onValue={(severity) => void change({ severity })}
        />
        <SelectInput
          label="Looks after it"
          value={held !== "" && held === own ? "me" : held}
          options={options}
          text={nameOf}
          onValue={(id) => void change({ assignee: id === "" ? null : id })}
        />
      </div>
      {refused !== "" && (
        <p class="field-error" role="alert">
          {refused}
        </p>
      )}
    </>
  );
}

function Note({ site, incident, onChanged }: CareProps) {
  const [note, setNote] = useState("");
  const write = async (event: Event) => {
    event.preventDefault();
    const reply = await noteOnIncident(site.id, incident.id, note);
    if (!reply.ok) return;
    setNote("");
    await onChanged();
  };
  return (
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
  );
}

interface StoryProps {
  site: Site;
  incident: Incident;
  mayAct: boolean;
  /** The list it stands in. */
  reload: () => Promise<void>;
}

export function IncidentStoryPanel({ site, incident, mayAct, reload }: StoryProps) {
  const [story, setStory] = useState<IncidentStory | null>(null);
  const load = async () => {
    const reply = await loadIncident(site.id, incident.id);
    if (reply.ok) setStory(reply.value);
  };
  // What the list tells anew may have a longer story.
  useEffect(() => void load(), [incident.id, incident.state, incident.turn]);
  const onChanged = async () => {
    await Promise.all([load(), reload()]);
  };
  if (!story) return <Skeleton lines={2} />;
  return (
    <div class="alert-story">
      {mayAct && <Care site={site} incident={story} onChanged={onChanged} />}
      <h3>What happened</h3>
      <ol>
        {story.entries.map((entry) => (
          <Entry {...entry} key={entry.key} />
        ))}
      </ol>
      {story.grouped.length > 0 && <p>Told together with {story.grouped.map(({ name }) => `“${name}”`).join(", ")}.</p>}
      <Told told={story.told} />
      {mayAct && <Note site={site} incident={incident} onChanged={onChanged} />}
    </div>
  );
}
