// Where alerts are sent: made, tested, removed.
import { useState } from "preact/hooks";
import {
  type AlertChannel,
  type AlertKind,
  type AlertKinds,
  makeChannel,
  removeChannel,
  testChannel,
} from "../state/alerts.ts";
import { draftOf, type FormDraft, valuesOf } from "../state/form-schema.ts";
import type { Listed } from "../state/listed.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SchemaFields } from "../ui/schema-fields.tsx";
import { SelectInput } from "../ui/select-input.tsx";

interface ChannelsProps {
  siteId: string;
  kinds: AlertKinds;
  list: Listed<AlertChannel>;
  /** Whether they may be changed. */
  isOwner: boolean;
}

function NewChannel({ siteId, kinds, list, onClose }: Omit<ChannelsProps, "isOwner"> & { onClose: () => void }) {
  const [kind, setKind] = useState<AlertKind>(kinds.channels[0]!);
  const [draft, setDraft] = useState<FormDraft>(draftOf(kind.schema));
  const [label, setLabel] = useState("");
  const choose = (name: string) => {
    const chosen = kinds.channels.find((one) => one.kind === name) ?? kind;
    setKind(chosen);
    setDraft(draftOf(chosen.schema));
  };
  const submit = async () => {
    const config = valuesOf(kind.schema, draft);
    const reply = await makeChannel(siteId, { kind: kind.kind, label: label.trim() || kind.label, config });
    if (!reply.ok) return reply.failure;
    await list.load();
    return null;
  };
  return (
    <DialogForm
      title="New channel"
      action="Make channel"
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <SelectInput
            label="Kind"
            value={kind.kind}
            options={kinds.channels.map((one) => one.kind)}
            text={(name) => kinds.channels.find((one) => one.kind === name)?.label ?? name}
            onValue={choose}
          />
          <p class="faint">{kind.about}</p>
          <TextInput
            label="Name"
            placeholder={kind.label}
            value={label}
            onValue={setLabel}
            error={errorAt(errors, "label")}
          />
          <SchemaFields schema={kind.schema} draft={draft} onChange={setDraft} errors={errors} path="config" />
        </>
      )}
    />
  );
}

function Channel({ siteId, channel, kinds, list, isOwner }: ChannelsProps & { channel: AlertChannel }) {
  const [told, setTold] = useState("");
  const { id, label } = channel;
  const kind = kinds.channels.find((one) => one.kind === channel.kind)?.label ?? channel.kind;
  const test = async () => {
    setTold("Sending…");
    const done = await list.change(testChannel(siteId, id));
    if (!done) return setTold("");
    const { result, told: answer } = done.value;
    setTold(`${result === "sent" ? "The test has arrived" : "The test did not arrive"}: ${answer}`);
  };
  const remove = () =>
    confirm(`Remove the channel “${label}”? Rules that name it tell it nothing more.`) &&
    void list.change(removeChannel(siteId, id));
  return (
    <li>
      <span class="access-who">
        <b>{label}</b>
        <span class="faint">{kind}</span>
        {channel.off !== "" && <span class="field-error">Off, since it {channel.off}. A test turns it on again.</span>}
        <span role="status">{told}</span>
      </span>
      {isOwner && (
        <>
          <button type="button" class="button small" onClick={test}>
            Test
          </button>
          <button type="button" class="icon-button" aria-label={`Remove the channel ${label}`} onClick={remove}>
            <Icon name="trash" />
          </button>
        </>
      )}
    </li>
  );
}

export function AlertChannels(props: ChannelsProps) {
  const [isNew, setIsNew] = useState(false);
  const { items, failure, load } = props.list;
  return (
    <section class="panel form">
      <div class="section-head">
        <h2>Channels</h2>
        {props.isOwner && (
          <button type="button" class="button" onClick={() => setIsNew(true)}>
            <Icon name="plus" />
            New channel
          </button>
        )}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && (
        <p>
          Nobody is told yet.{" "}
          {props.isOwner
            ? "Make a channel, test it, and name it in your rules."
            : "An owner or admin can make a channel."}
        </p>
      )}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map((channel) => (
            <Channel key={channel.id} channel={channel} {...props} />
          ))}
        </ul>
      )}
      {isNew && <NewChannel {...props} onClose={() => setIsNew(false)} />}
    </section>
  );
}
