// A dialog with one form: what goes wrong shows under the fields it names, and else above the button.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Failure } from "../state/api.ts";
import { Dialog } from "./dialog.tsx";

interface DialogFormProps {
  title: string;
  action: string;
  wide?: boolean;
  disabled?: boolean;
  onClose: () => void;
  /** When it went well; left out, the dialog closes. */
  onDone?: () => void;
  /** Null when it went well. */
  onSubmit: () => Promise<Failure | null>;
  fields: (errors: Failure["errors"]) => ComponentChildren;
}

export function DialogForm({
  title,
  action,
  wide = false,
  disabled = false,
  onClose,
  onDone = onClose,
  onSubmit,
  fields,
}: DialogFormProps) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const failed = await onSubmit();
    setBusy(false);
    if (!failed) return onDone();
    setFailure(failed);
  };
  return (
    <Dialog title={title} onClose={onClose} wide={wide}>
      <form class="dialog-form" onSubmit={submit}>
        {fields(failure?.errors ?? [])}
        {failure && failure.errors.length === 0 && (
          <p class="field-error" role="alert">
            {failure.detail}
          </p>
        )}
        <button type="submit" class="button primary" disabled={disabled || busy}>
          {action}
        </button>
      </form>
    </Dialog>
  );
}
