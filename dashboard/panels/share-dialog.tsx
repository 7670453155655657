// A public link to one board or report: read-only, with a password if wanted, until it is revoked in the settings.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { createShare, type NewShare } from "../state/access.ts";
import { CopiedText } from "../ui/copy-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, TextInput } from "../ui/field.tsx";

interface ShareDialogProps {
  siteId: string;
  /** What is shared, and its name. */
  what: "board" | "report";
  name: string;
  shows: Omit<NewShare, "label" | "password">;
  /** What whoever has the link may do. */
  about: ComponentChildren;
  onClose: () => void;
  /** What else can be chosen. */
  children?: ComponentChildren;
}

export function ShareDialog({ siteId, what, name, shows, about, onClose, children }: ShareDialogProps) {
  const [password, setPassword] = useState("");
  const [link, setLink] = useState<string | null>(null);
  const title = `Share ${name}`;
  const make = async () => {
    const reply = await createShare(siteId, { label: name, password: password || null, ...shows });
    if (!reply.ok) return reply.failure;
    setLink(reply.value.link);
    return null;
  };
  if (link) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div class="snippet">
          <p>Whoever has this link sees the {what}, without an account:</p>
          <CopiedText text={link} label="Copy link" />
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
          <p>{about} It can be revoked in the settings.</p>
          <TextInput
            label="Password"
            hint="Optional"
            type="password"
            autocomplete="new-password"
            value={password}
            onValue={setPassword}
            error={errorAt(errors, "password")}
          />
          {children}
        </>
      )}
    />
  );
}
