// Where alerts are sent: made, tested, changed, turned off, removed.
import { useState } from "preact/hooks";
import {
  type AlertChannel,
  type AlertKind,
  type AlertKinds,
  type ChannelSettings,
  changeChannel,
  loadChannel,
  makeChannel,
  removeChannel,
  testChannel,
} from "../state/alerts.ts";
import { draftOf, draftOfKept, type FormDraft, isOfBrowser, valuesOf } from "../state/form-schema.ts";
import type { Listed } from "../state/listed.ts";
import { subscribeBrowser } from "../state/push.ts";
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

interface ChannelDialogProps {
  kinds: AlertKinds;
  list: Listed<AlertChannel>;
  siteId: string;
  /** Null for a new one. */
  channel: ChannelSettings | null;
  onClose: () => void;
}

function ChannelDialog({ siteId, kinds, list, channel, onClose }: ChannelDialogProps) {
  const kindOf = (name: string | undefined) => kinds.channels.find((one) => one.kind === name) ?? kinds.channels[0]!;
  const [kind, setKind] = useState<AlertKind>(kindOf(channel?.kind));
  const [draft, setDraft] = useState<FormDraft>(
    channel ? draftOfKept(kind.schema, channel.settings) : draftOf(kind.schema),
  );
  const [label, setLabel] = useState(channel?.label ?? "");
  const choose = (name: string) => {
    setKind(kindOf(name));
    setDraft(draftOf(kindOf(name).schema));
  };
  const submit = async () => {
    const given = isOfBrowser(kind.schema) && !channel ? await subscribeBrowser(siteId) : null;
    if (given && !given.ok) return given.failure;
    const config = { ...valuesOf(kind.schema, draft), ...given?.value };
    const told = { label: label.trim() || kind.label, config };
    const reply = await (channel
      ? changeChannel(siteId, channel.id, told)
      : makeChannel(siteId, { kind: kind.kind, ...told }));
    if (!reply.ok) return reply.failure;
    await list.load();
    return null;
  };
  return (
    <DialogForm
      title={channel ? "Change the channel" : "New channel"}
      action={channel ? "Save" : "Make channel"}
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          {!channel && (
            <SelectInput
              label="Kind"
              value={kind.kind}
              options={kinds.channels.map((one) => one.kind)}
              text={(name) => kindOf(name).label}
              onValue={choose}
            />
          )}
          <p class="faint">{kind.about}</p>
          <TextInput
            label="Name"
            placeholder={kind.label}
            value={label}
            onValue={setLabel}
            error={errorAt(errors, "label")}
          />
          <SchemaFields
            schema={kind.schema}
            draft={draft}
            onChange={setDraft}
            errors={errors}
            path="config"
            keeps={channel !== null}
          />
          {channel?.kind === "webhook" && (
            <p class="faint">
              A new secret signs beside the former one for a day, so that receivers can change theirs.
            </p>
          )}
        </>
      )}
    />
  );
}

function Channel({ siteId, channel, kinds, list, isOwner }: ChannelsProps & { channel: AlertChannel }) {
  const [told, setTold] = useState("");
  const [changing, setChanging] = useState<ChannelSettings | null>(null);
  const { id, label, off } = channel;
  const kind = kinds.channels.find((one) => one.kind === channel.kind)?.label ?? channel.kind;
  const test = async () => {
    setTold("Sending…");
    const done = await list.change(testChannel(siteId, id));
    if (!done) return setTold("");
    const { result, told: answer } = done.value;
    setTold(`${result === "sent" ? "The test has arrived" : "The test did not arrive"}: ${answer}`);
  };
  const change = async () => {
    const reply = await loadChannel(siteId, id);
    if (reply.ok) setChanging(reply.value);
    else setTold(reply.failure.detail);
  };
  const remove = () =>
    confirm(`Remove the channel “${label}”? Rules that name it tell it nothing more.`) &&
    void list.change(removeChannel(siteId, id));
  return (
    <li>
      <span class="access-who">
        <b>{label}</b>
        <span class="faint">{kind}</span>
        {off !== "" && <span class="field-error">Off, since it {off}. It is told nothing until it is turned on.</span>}
        <span role="status">{told}</span>
      </span>
      {isOwner && (
        <>
          <button type="button" class="button small" onClick={test}>
            Test
          </button>
          <button
            type="button"
            class="button small"
            onClick={() => void list.change(changeChannel(siteId, id, { enabled: off !== "" }))}
          >
            {off === "" ? "Turn off" : "Turn on"}
          </button>
          <button type="button" class="icon-button" aria-label={`Change the channel ${label}`} onClick={change}>
            <Icon name="edit" />
          </button>
          <button type="button" class="icon-button" aria-label={`Remove the channel ${label}`} onClick={remove}>
            <Icon name="trash" />
          </button>
          {changing && (
            <ChannelDialog {...{ siteId, kinds, list }} channel={changing} onClose={() => setChanging(null)} />
          )}
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
      {isNew && <ChannelDialog {...props} channel={null} onClose={() => setIsNew(false)} />}
    </section>
  );
}
