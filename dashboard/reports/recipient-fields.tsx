// To whom a report goes: persons, all who have a role, the site's channels, a folder of the bucket.
import { useEffect, useId, useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { ReportRecipient } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { loadMembers } from "../state/access.ts";
import type { AlertChannel } from "../state/alerts.ts";
import { ROLES, recipientText, roleText, withRecipient } from "../state/report-schedule-draft.ts";
import { mayIn } from "../state/session.ts";
import { Chosen } from "../ui/chosen.tsx";
import { Field, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";

const TO = {
  person: "A person, by e-mail",
  role: "All who have a role",
  channel: "A channel",
  bucket: "A folder in R2",
} as const satisfies Record<ReportRecipient["to"], string>;
type To = keyof typeof TO;

/** Addresses of the team, for who may see them; anyone else types. */
function useAddresses({ teamId }: Site): string[] {
  const [addresses, setAddresses] = useState<string[]>([]);
  useEffect(() => {
    if (!mayIn(teamId, "members")) return;
    void loadMembers(teamId).then((reply) => reply.ok && setAddresses(reply.value.members.map(({ email }) => email)));
  }, [teamId]);
  return addresses;
}

function AddressInput({ site, value, onValue }: { site: Site; value: string; onValue: (value: string) => void }) {
  const list = useId();
  return (
    <Field label="Address">
      {(attributes) => (
        <>
          <input
            {...attributes}
            class="input"
            type="email"
            list={list}
            autocomplete="off"
            placeholder="olga@example.com"
            value={value}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          <datalist id={list}>
            {useAddresses(site).map((address) => (
              <option key={address} value={address} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface Typed {
  to: To;
  email: string;
  role: (typeof ROLES)[number];
  channelId: string;
  folder: string;
}

/** Null while something is missing. */
function recipientOf({ to, email, role, channelId, folder }: Typed): ReportRecipient | null {
  if (to === "person") return email.includes("@") ? { to, email: email.trim() } : null;
  if (to === "role") return { to, role };
  if (to === "channel") return channelId === "" ? null : { to, channelId };
  return folder.trim() === "" ? null : { to, folder: folder.trim() };
}

interface RecipientsProps {
  site: Site;
  channels: readonly AlertChannel[];
  recipients: readonly ReportRecipient[];
  errors: readonly FieldError[];
  onRecipients: (recipients: ReportRecipient[]) => void;
}

function NewRecipient({ site, channels: all, recipients, onRecipients }: Omit<RecipientsProps, "errors">) {
  const channels = all.filter(({ takesReports }) => takesReports);
  const [typed, setTyped] = useState<Typed>({
    to: "person",
    email: "",
    role: "owner",
    channelId: channels[0]?.id ?? "",
    folder: "reports",
  });
  const set = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  const chosen = { ...typed, channelId: typed.channelId || (channels[0]?.id ?? "") };
  const recipient = recipientOf(chosen);
  const add = () => {
    if (!recipient) return;
    onRecipients(withRecipient(recipients, recipient));
    set({ email: "" });
  };
  const labelOf = (id: string) => channels.find((one) => one.id === id)?.label ?? id;
  const kinds = (Object.keys(TO) as To[]).filter((to) => to !== "channel" || channels.length > 0); // exactly these
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches Enter, which would send the form around it
    <div
      class="alert-filter"
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        add();
      }}
    >
      <SelectInput label="To" value={typed.to} options={kinds} text={(to) => TO[to]} onValue={(to) => set({ to })} />
      {typed.to === "person" && <AddressInput site={site} value={typed.email} onValue={(email) => set({ email })} />}
      {typed.to === "role" && (
        <SelectInput
          label="Role"
          value={typed.role}
          options={ROLES}
          text={roleText}
          onValue={(role) => set({ role })}
        />
      )}
      {typed.to === "channel" && (
        <SelectInput
          label="Channel"
          value={chosen.channelId}
          options={channels.map(({ id }) => id)}
          text={labelOf}
          onValue={(channelId) => set({ channelId })}
        />
      )}
      {typed.to === "bucket" && (
        <TextInput label="Folder" placeholder="reports" value={typed.folder} onValue={(folder) => set({ folder })} />
      )}
      <button type="button" class="button" disabled={recipient === null} onClick={add}>
        Add
      </button>
    </div>
  );
}

export function RecipientFields(props: RecipientsProps) {
  const { channels, recipients, errors, onRecipients } = props;
  const labelOf = (id: string) => channels.find((one) => one.id === id)?.label ?? "A removed channel";
  const wrong = errors.find(({ path }) => path.startsWith("recipients"));
  return (
    <fieldset class="alert-condition">
      <legend>Recipients</legend>
      {recipients.length > 0 && (
        <div class="builder-line">
          {recipients.map((one) => (
            <Chosen
              key={JSON.stringify(one)}
              label={recipientText(one, labelOf)}
              onRemove={() => onRecipients(recipients.filter((other) => other !== one))}
            />
          ))}
        </div>
      )}
      <NewRecipient {...props} />
      {wrong && (
        <p class="field-error" role="alert">
          {wrong.message}
        </p>
      )}
    </fieldset>
  );
}
