// Makes or changes a rotation: its people in their order, and when they hand over.
import { useEffect, useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import { loadMembers, type Member } from "../state/access.ts";
import type { AlertChannel } from "../state/alerts.ts";
import { localDay } from "../state/days.ts";
import { type NewRotation, type Rotation, saveRotation } from "../state/on-call.ts";
import { session } from "../state/session.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { FieldsetList } from "../ui/fieldset-list.tsx";
import { MomentInput } from "../ui/moment-input.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { browserTimeZone, TimeZoneInput } from "../ui/time-zone-input.tsx";
import { ChannelChecks } from "./channel-checks.tsx";

interface RotationDialogProps {
  siteId: string;
  teamId: string;
  channels: readonly AlertChannel[];
  /** Undefined makes a new one. */
  rotation: Rotation | undefined;
  onSaved: () => void;
  onClose: () => void;
}

type People = NewRotation["people"];

const EVERY_TEXT = { day: "Every day", week: "Every week" } as const;
const DAY_MS = 24 * 3600_000;

export function fieldsOf(rotation: Rotation): NewRotation {
  const { name, timeZone, every, at, start, people, overrides } = rotation;
  return { name, timeZone, every, at, start, people, overrides };
}

const NOBODY: People[number] = { name: "", member: null, channels: [] };

function fresh(): NewRotation {
  const timeZone = browserTimeZone();
  const start = localDay(Date.now(), timeZone);
  return {
    name: "",
    timeZone,
    every: "week",
    at: "09:00",
    start,
    people: [NOBODY],
    overrides: [],
  };
}

/** Those of the team whom the reader may know of: all, or at least themselves. */
function useTeam(teamId: string): Pick<Member, "id" | "name">[] {
  const own = session.value.phase === "in" ? session.value.session.person : null;
  const [members, setMembers] = useState<Pick<Member, "id" | "name">[]>(own ? [own] : []);
  useEffect(() => {
    void loadMembers(teamId).then((reply) => reply.ok && setMembers(reply.value.members));
  }, [teamId]);
  return members;
}

interface WhoProps {
  number: number;
  person: People[number];
  members: readonly Pick<Member, "id" | "name">[];
  errors: readonly FieldError[];
  onChange: (person: Partial<People[number]>) => void;
}

/** A member of the team, or somebody else by a name. */
function WhoFields({ number, person, members, errors, onChange }: WhoProps) {
  const { member, name } = person;
  const at = `people.${number - 1}`;
  const held = member === null || members.some(({ id }) => id === member) ? [] : [member];
  const nameOf = (id: string) => members.find((one) => one.id === id)?.name ?? name;
  return (
    <>
      {(members.length > 0 || member !== null) && (
        <SelectInput
          label={`Who is person ${number}`}
          value={member ?? ""}
          options={["", ...members.map(({ id }) => id), ...held]}
          text={(id) => (id === "" ? "Somebody else" : nameOf(id))}
          onValue={(id) => onChange(id === "" ? { member: null } : { member: id, name: nameOf(id) })}
        />
      )}
      {errorAt(errors, `${at}.member`) && (
        <p class="field-error" role="alert">
          {errorAt(errors, `${at}.member`)}
        </p>
      )}
      {member === null && (
        <TextInput
          label={`Name of person ${number}`}
          required
          value={name}
          onValue={(text) => onChange({ name: text })}
          error={errorAt(errors, `${at}.name`)}
        />
      )}
    </>
  );
}

function PeopleFields({
  people,
  members,
  channels,
  errors,
  onChange,
}: {
  people: People;
  members: readonly Pick<Member, "id" | "name">[];
  channels: readonly AlertChannel[];
  errors: readonly FieldError[];
  onChange: (people: People) => void;
}) {
  return (
    <FieldsetList
      items={people}
      of="person"
      legend={(index) => `Person ${index + 1}`}
      fresh={() => NOBODY}
      onChange={onChange}
      fields={(person, set, index) => (
        <>
          <WhoFields number={index + 1} person={person} members={members} errors={errors} onChange={set} />
          <ChannelChecks
            legend={person.member === null ? "Reached by" : "Reached by (none: their own e-mail)"}
            options={channels}
            chosen={person.channels}
            onChange={(ids) => set({ channels: ids })}
            none={
              person.member === null
                ? "There is no channel yet; make one for each person first."
                : "There is no channel; their own e-mail is used."
            }
            error={errorAt(errors, `people.${index}.channels`)}
          />
        </>
      )}
    />
  );
}

export function AlertRotationDialog({ siteId, teamId, channels, rotation, onSaved, onClose }: RotationDialogProps) {
  const [draft, setDraft] = useState<NewRotation>(rotation ? fieldsOf(rotation) : fresh());
  const members = useTeam(teamId);
  const change = (part: Partial<NewRotation>) => setDraft({ ...draft, ...part });
  const submit = async () => {
    // Who is no longer in it stands in for nobody.
    const names = new Set(draft.people.map(({ name }) => name.trim()));
    const overrides = draft.overrides.filter(({ person, until }) => names.has(person) && until > Date.now());
    const reply = await saveRotation(siteId, { ...draft, overrides }, rotation?.id);
    if (!reply.ok) return reply.failure;
    onSaved();
    return null;
  };
  return (
    <DialogForm
      title={rotation ? `Rotation ${rotation.name}` : "New rotation"}
      action="Save"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <div class="form-grid">
            <TextInput
              label="Name"
              required
              value={draft.name}
              onValue={(name) => change({ name })}
              error={errorAt(errors, "name")}
            />
            <SelectInput
              label="Hand-over"
              value={draft.every}
              options={["day", "week"] as const}
              text={(every) => EVERY_TEXT[every]}
              onValue={(every) => change({ every })}
            />
            <TextInput
              label="At (24 h)"
              required
              placeholder="09:00"
              value={draft.at}
              onValue={(at) => change({ at })}
              error={errorAt(errors, "at")}
            />
            <TextInput
              label="Begins on"
              type="date"
              required
              value={draft.start}
              onValue={(start) => change({ start })}
              error={errorAt(errors, "start")}
            />
            <Field label="Time zone" error={errorAt(errors, "timeZone")}>
              {({ id }) => (
                <TimeZoneInput id={id} value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />
              )}
            </Field>
          </div>
          <PeopleFields
            people={draft.people}
            members={members}
            channels={channels}
            errors={errors}
            onChange={(people) => change({ people })}
          />
        </>
      )}
    />
  );
}

/** Somebody stands in for whoever is on call then. */
export function StandInDialog({
  siteId,
  rotation,
  onSaved,
  onClose,
}: Omit<RotationDialogProps, "teamId" | "channels" | "rotation"> & { rotation: Rotation }) {
  const [now] = useState(() => Math.floor(Date.now() / 60_000) * 60_000);
  const [draft, setDraft] = useState({ person: rotation.people[0]!.name, from: now, until: now + DAY_MS });
  const submit = async () => {
    const overrides = [...rotation.overrides.filter(({ until }) => until > now), draft];
    const reply = await saveRotation(siteId, { ...fieldsOf(rotation), overrides }, rotation.id);
    if (!reply.ok) return reply.failure;
    onSaved();
    return null;
  };
  return (
    <DialogForm
      title={`Stand in, ${rotation.name}`}
      action="Save"
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <SelectInput
            label="Who"
            value={draft.person}
            options={rotation.people.map(({ name }) => name)}
            onValue={(person) => setDraft({ ...draft, person })}
          />
          <MomentInput label="From" value={draft.from} onValue={(from) => setDraft({ ...draft, from })} />
          <MomentInput
            label="Until"
            value={draft.until}
            onValue={(until) => setDraft({ ...draft, until })}
            error={errorAt(errors, "overrides")}
          />
        </>
      )}
    />
  );
}
