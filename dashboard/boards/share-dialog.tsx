// A public link to one board: read-only, with a password if wanted, until it is revoked in the settings.
import { useState } from "preact/hooks";
import type { Board } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import { createShare } from "../state/access.ts";
import type { Failure } from "../state/api.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";

export function ShareDialog({ site, board, onClose }: { site: Site; board: Board; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [link, setLink] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    const reply = await createShare(site.id, { label: board.name, password: password || null, boardId: board.id });
    if (reply.ok) setLink(reply.value.link);
    else setFailure(reply.failure);
  };
  return (
    <Dialog title={`Share ${board.name}`} onClose={onClose}>
      {link ? (
        <div class="snippet">
          <p>Whoever has this link sees the board, without an account:</p>
          <pre>
            <code>{link}</code>
          </pre>
          <CopyButton text={link} label="Copy link" />
        </div>
      ) : (
        <form class="dialog-form" onSubmit={submit}>
          <p>A public link shows this board and the numbers behind it, read-only. It can be revoked in the settings.</p>
          <Field label="Password" hint="Optional">
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
          {failure && (
            <p class="field-error" role="alert">
              {failure.errors[0]?.message ?? failure.detail}
            </p>
          )}
          <button type="submit" class="button primary">
            Make a public link
          </button>
        </form>
      )}
    </Dialog>
  );
}
