// Where alerts are sent: made, tested, changed, turned off, removed.
import { useState } from "preact/hooks";
import {
  type AlertChannel,
  type AlertKinds,
  type ChannelSettings,
  changeChannel,
  loadChannel,
  makeChannel,
  removeChannel,
  testChannel,
} from "../state/alerts.ts";
import { isOfBrowser } from "../state/form-schema.ts";
import type { Listed } from "../state/listed.ts";
import { subscribeBrowser } from "../state/push.ts";
import { useTestSending } from "../state/test-sending.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { Icon } from "../ui/icon.tsx";
import { KindFields, useKindDraft } from "../ui/kind-fields.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";

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
  const of = useKindDraft(kinds.channels, channel);
  const submit = async () => {
    const { kind, schema } = of.kind;
    const given = isOfBrowser(schema) && !channel ? await subscribeBrowser(siteId) : null;
    if (given && !given.ok) return given.failure;
    const { label, config: typed } = of.told();
    const told = { label, config: { ...typed, ...given?.value } };
    const reply = await (channel ? changeChannel(siteId, channel.id, told) : makeChannel(siteId, { kind, ...told }));
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
          <KindFields of={of} errors={errors} />
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
  const { told, setTold, test } = useTestSending(list, () => testChannel(siteId, channel.id));
  const [changing, setChanging] = useState<ChannelSettings | null>(null);
  const { id, label, off } = channel;
  const kind = kinds.channels.find((one) => one.kind === channel.kind)?.label ?? channel.kind;
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
