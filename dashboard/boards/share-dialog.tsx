// A public link to one board: read-only, with a password if wanted, until it is revoked in the settings.
import { useState } from "preact/hooks";
import type { Board } from "../../workers/domain/board.ts";
import type { Site } from "../../workers/domain/site.ts";
import { createShare } from "../state/access.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";

export function ShareDialog({ site, board, onClose }: { site: Site; board: Board; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [link, setLink] = useState<string | null>(null);
  const title = `Share ${board.name}`;
  const make = async () => {
    const reply = await createShare(site.id, { label: board.name, password: password || null, boardId: board.id });
    if (!reply.ok) return reply.failure;
    setLink(reply.value.link);
    return null;
  };
  if (link) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div class="snippet">
          <p>Whoever has this link sees the board, without an account:</p>
          <pre>
            <code>{link}</code>
          </pre>
          <CopyButton text={link} label="Copy link" />
        </div>
      </Dialog>
    );
  }
  return (
    <DialogForm
      title={title}
      action="Make a public link"
      onClose={onClose}
      // The link is shown then.
      onDone={() => {}}
      onSubmit={make}
      fields={(errors) => (
        <>
          <p>
            Whoever has the link sees this board, read-only, without an account. To draw it they may ask for any number
            of {site.name}, so share it with those who may know them all. It can be revoked in the settings.
          </p>
          <TextInput
            label="Password"
            hint="Optional"
            type="password"
            autocomplete="new-password"
            value={password}
            onValue={setPassword}
            error={errorAt(errors, "password")}
          />
        </>
      )}
    />
  );
}
