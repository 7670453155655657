// What fires and what has fired, each with its story.
import { useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { actOnIncident, type Incident, type IncidentFilter } from "../state/incidents.ts";
import type { Listed } from "../state/listed.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { IncidentStoryPanel, SEVERITIES, SEVERITY_TEXT, when } from "./incident-story.tsx";

const STATE = {
  firing: { text: "Firing", tone: "worse", icon: "bell" },
  acknowledged: { text: "Seen", tone: "near", icon: "pulse" },
  resolved: { text: "Resolved", tone: "better", icon: "check" },
} as const;

const VERBS = {
  firing: ["acknowledge", "resolve"],
  acknowledged: ["resolve"],
  resolved: ["reopen"],
} as const;
const VERB_TEXT = { acknowledge: "Acknowledge", resolve: "Resolve", reopen: "Reopen" } as const;

interface IncidentsProps {
  site: Site;
  list: Listed<Incident>;
  mayAct: boolean;
}

interface FilterProps {
  filter: IncidentFilter;
  onFilter: (filter: IncidentFilter) => void;
  /** Those that can be chosen. */
  rules: readonly { id: string; name: string }[];
}

const STATES = ["all", "open", "firing", "acknowledged", "resolved"] as const;
const STATE_TEXT = { all: "All", open: "Open", firing: "Firing", acknowledged: "Seen", resolved: "Resolved" } as const;

function Filters({ filter, onFilter, rules }: FilterProps) {
  const names = new Map(rules.map(({ id, name }) => [id, name]));
  return (
    <div class="form-grid alert-filters">
      <SelectInput
        label="State"
        value={filter.state}
        options={STATES}
        text={(state) => STATE_TEXT[state]}
        onValue={(state) => onFilter({ ...filter, state })}
      />
      <SelectInput
        label="Severity"
        value={filter.severity}
        options={["", ...SEVERITIES]}
        text={(severity) => (severity === "" ? "All" : SEVERITY_TEXT[severity])}
        onValue={(severity) => onFilter({ ...filter, severity })}
      />
      <SelectInput
        label="Rule"
        value={filter.ruleId}
        options={["", ...names.keys()]}
        text={(id) => names.get(id) ?? "All"}
        onValue={(ruleId) => onFilter({ ...filter, ruleId })}
      />
    </div>
  );
}

function IncidentLine({ site, incident, list, mayAct }: IncidentsProps & { incident: Incident }) {
  const [isOpen, setIsOpen] = useState(false);
  const { id, name, state, severity, openedAt, changedAt, reason, turn, assignee, group } = incident;
  const { text, tone, icon } = STATE[state];
  const leader = list.items?.find((one) => one.id === group);
  return (
    <li>
      <div class="alert-line">
        <span class={`status ${tone}`}>
          <Icon name={icon} size={12} />
          {text}
        </span>
        <b>{name}</b>
        <span class="faint">{SEVERITY_TEXT[severity]}</span>
        {mayAct && (
          <span class="alert-acts">
            {VERBS[state].map((verb) => (
              <button
                key={verb}
                type="button"
                class="button small"
                onClick={() => void list.change(actOnIncident(site.id, id, verb))}
              >
                {VERB_TEXT[verb]}
              </button>
            ))}
          </span>
        )}
      </div>
      <p>{reason}</p>
      <p class="faint">
        Since {when(openedAt)}
        {state === "resolved" && `, resolved ${formatDate(changedAt)} ${formatClock(changedAt)}`}
        {turn > 1 && ` · fired ${turn} times`}
        {assignee && ` · ${assignee.name} looks after it`}
        {group !== null && ` · told with ${leader ? `“${leader.name}”` : "another"}`}
      </p>
      <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>Details</summary>
        {isOpen && <IncidentStoryPanel site={site} incident={incident} mayAct={mayAct} reload={list.load} />}
      </details>
    </li>
  );
}

export function AlertIncidents({ filter, onFilter, rules, ...props }: IncidentsProps & FilterProps) {
  const { items, failure, load } = props.list;
  const isFiltered = filter.state !== "all" || filter.severity !== "" || filter.ruleId !== "";
  const open = items?.filter(({ state }) => state !== "resolved") ?? [];
  const over = items?.filter(({ state }) => state === "resolved") ?? [];
  return (
    <section class="panel form">
      <h2>Incidents</h2>
      {(isFiltered || items?.length !== 0) && <Filters filter={filter} onFilter={onFilter} rules={rules} />}
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={3} />}
      {items && open.length === 0 && !isFiltered && <p>Nothing is firing.</p>}
      {items?.length === 0 && isFiltered && <p>No incident fits.</p>}
      <ul class="alert-incidents">
        {[...open, ...over].map((incident) => (
          <IncidentLine key={incident.id} incident={incident} {...props} />
        ))}
      </ul>
    </section>
  );
}
