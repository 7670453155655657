// The site's share links: anybody who has one reads this site, or one report of it, and nothing else.
import { useState } from "preact/hooks";
import { createShare, loadShares, revokeShare, type ShareLink } from "../state/access.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { errorAt, Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";

function NewShare({ siteId, list }: { siteId: string; list: Listed<ShareLink> }) {
  const [label, setLabel] = useState("");
  const [password, setPassword] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const made = await list.change(createShare(siteId, { label: label.trim(), password: password || null }));
    if (!made) return;
    setLabel("");
    setPassword("");
  };
  const errors = list.failure?.errors ?? [];
  return (
    <form class="access-form" onSubmit={submit}>
      <Field label="Link for" error={errorAt(errors, "label")}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            required
            placeholder="The board"
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Password (optional)" error={errorAt(errors, "password")}>
        {(attributes) => (
          <input
            {...attributes}
            class="input"
            type="password"
            autocomplete="new-password"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button">
        <Icon name="plus" />
        Make link
      </button>
    </form>
  );
}

export function SharesPanel({ siteId }: { siteId: string }) {
  const list = useListed(siteId, async () => mapReply(await loadShares(siteId), ({ shares }) => shares));
  const { items, failure } = list;
  return (
    <section class="panel form">
      <h2>Share links</h2>
      <p>
        Whoever has a link reads the numbers of this site, or of one report alone, without an account, until you revoke
        it.
      </p>
      {failure && failure.errors.length === 0 && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={1} />}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map(({ id, label, link, boardId, reportId, hasPassword }) => (
            <li key={id}>
              <span class="access-who">
                <b>{label}</b> {boardId !== null && <span class="tag">board</span>}{" "}
                {reportId !== null && <span class="tag">report</span>}{" "}
                {hasPassword && <span class="tag">password</span>}
                <code>{link}</code>
              </span>
              <CopyButton quiet text={link} label="Copy" />
              <button
                type="button"
                class="icon-button"
                aria-label={`Revoke the link for ${label}`}
                onClick={() => void list.change(revokeShare(siteId, id))}
              >
                <Icon name="trash" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <NewShare siteId={siteId} list={list} />
    </section>
  );
}
