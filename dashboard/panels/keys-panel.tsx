// The site's API keys: made with scopes and an end, shown once, revoked.
import { useState } from "preact/hooks";
import { SITE_ACTIONS, type SiteAction } from "../../workers/domain/access.ts";
import { createKey, type Key, loadKeys, revokeKey } from "../state/access.ts";
import { formatDate } from "../state/format.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { mayIn } from "../state/session.ts";
import { errorAt, Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { SecretLine } from "../ui/secret-line.tsx";

const DAY_MS = 24 * 3600_000;
const LASTS: [number, string][] = [
  [90, "90 days"],
  [365, "A year"],
  [0, "Until revoked"],
];

const SCOPE_TEXT: Record<SiteAction, string> = {
  query: "query – read the numbers",
  export: "export – download raw events",
  define: "define – goals",
  import: "import – send history",
  settings: "settings – change the site",
  shares: "shares – share links",
  keys: "keys – other keys",
  audit: "audit – who did what",
  privacy: "privacy – tell and erase what is held of users",
};

interface Draft {
  label: string;
  scopes: SiteAction[];
  days: number;
}

const BLANK: Draft = { label: "", scopes: ["query"], days: 90 };

interface NewKeyProps {
  siteId: string;
  teamId: string;
  list: Listed<Key>;
  onMade: (key: string) => void;
}

function NewKey({ siteId, teamId, list, onMade }: NewKeyProps) {
  const [draft, setDraft] = useState(BLANK);
  const submit = async (event: Event) => {
    event.preventDefault();
    const { label, scopes, days } = draft;
    const expiresAt = days === 0 ? null : Date.now() + days * DAY_MS;
    const made = await list.change(createKey(siteId, { label: label.trim(), scopes, expiresAt }));
    if (!made) return;
    setDraft(BLANK);
    onMade(made.value.key);
  };
  const toggle = (scope: SiteAction) => {
    const has = draft.scopes.includes(scope);
    setDraft({ ...draft, scopes: has ? draft.scopes.filter((one) => one !== scope) : [...draft.scopes, scope] });
  };
  return (
    <form class="access-form" onSubmit={submit}>
      <Field label="Key for" error={list.failure ? errorAt(list.failure.errors, "label") : undefined}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            placeholder="Nightly export"
            value={draft.label}
            onInput={(event) => setDraft({ ...draft, label: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Lasts">
        {({ id }) => (
          <select
            id={id}
            class="input"
            value={String(draft.days)}
            onChange={(event) => setDraft({ ...draft, days: Number(event.currentTarget.value) })}
          >
            {LASTS.map(([days, text]) => (
              <option key={days} value={String(days)}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
      <fieldset class="access-scopes">
        <legend>May</legend>
        {SITE_ACTIONS.filter((scope) => mayIn(teamId, scope)).map((scope) => (
          <label key={scope}>
            <input type="checkbox" checked={draft.scopes.includes(scope)} onChange={() => toggle(scope)} />
            {SCOPE_TEXT[scope]}
          </label>
        ))}
      </fieldset>
      <button type="submit" class="button" disabled={draft.scopes.length === 0}>
        <Icon name="plus" />
        Make key
      </button>
    </form>
  );
}

function standing({ expiresAt, lastUsedAt }: Key): string {
  const used = lastUsedAt === null ? "never used" : `used ${formatDate(lastUsedAt)}`;
  if (expiresAt === null) return used;
  return `${used}, ${expiresAt < Date.now() ? "expired" : "until"} ${formatDate(expiresAt)}`;
}

export function KeysPanel({ siteId, teamId }: { siteId: string; teamId: string }) {
  const list = useListed(siteId, async () => mapReply(await loadKeys(siteId), ({ keys }) => keys));
  const [made, setMade] = useState<string | null>(null);
  const { items, failure } = list;
  return (
    <section class="panel form">
      <h2>API keys</h2>
      <p>
        For scripts, sent as <code>Authorization: Bearer</code>. A key is of this site alone.{" "}
        <a href="/docs">What the API can do</a>
      </p>
      {failure && failure.errors.length === 0 && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={1} />}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map((key) => (
            <li key={key.id}>
              <span class="access-who">
                <b>{key.label}</b>
                <span class="faint">
                  {key.scopes.join(", ")} · {standing(key)}
                </span>
              </span>
              <button
                type="button"
                class="icon-button"
                aria-label={`Revoke the key ${key.label}`}
                onClick={() => confirm(`Revoke the key “${key.label}”?`) && void list.change(revokeKey(siteId, key.id))}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {made && <SecretLine text={made}>Copy the key now; it is not shown again:</SecretLine>}
      <NewKey siteId={siteId} teamId={teamId} list={list} onMade={setMade} />
    </section>
  );
}
