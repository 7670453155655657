// The reader's passkeys: made on this device, named, removed.
import { useState } from "preact/hooks";
import { formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import { deviceText } from "../state/me.ts";
import { canUsePasskeys, loadPasskeys, makePasskey, removePasskey } from "../state/passkeys.ts";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";

function NewPasskey({ onMake }: { onMake: (label: string) => Promise<unknown> }) {
  const [label, setLabel] = useState(deviceText(navigator.userAgent));
  const submit = (event: Event) => {
    event.preventDefault();
    void onMake(label.trim());
  };
  return (
    <form class="access-form" onSubmit={submit}>
      <Field label="Call it">
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            maxLength={120}
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button">
        <Icon name="plus" />
        Make a passkey
      </button>
    </form>
  );
}

export function PasskeysPanel() {
  const list = useListed("", async () => mapReply(await loadPasskeys(), ({ passkeys }) => passkeys));
  const { items, failure } = list;
  return (
    <section class="panel form">
      <h2>Passkeys</h2>
      <p>
        {canUsePasskeys()
          ? "Sign in by the lock of your device, without address or password."
          : "Passkeys are made where the dashboard has a name and HTTPS; this address has not."}
      </p>
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={1} />}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map(({ id, label, createdAt, lastUsedAt }) => (
            <li key={id}>
              <span class="access-who">
                <b>{label}</b>
                <span class="faint">
                  made {formatDate(createdAt)} · {lastUsedAt === null ? "never used" : `used ${formatDate(lastUsedAt)}`}
                </span>
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove the passkey ${label}`}
                onClick={() => confirm(`Remove the passkey “${label}”?`) && void list.change(removePasskey(id))}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {canUsePasskeys() && <NewPasskey onMake={(label) => list.change(makePasskey(label))} />}
    </section>
  );
}
