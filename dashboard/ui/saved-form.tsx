// A panel of one small form: fields, a button, and beside it whether it was done.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Failure, Reply } from "../state/api.ts";

interface SavedFormProps {
  title: string;
  about?: ComponentChildren;
  action: string;
  /** Beside the button once it was done. */
  done: string;
  danger?: boolean;
  /** Asked before it is done, when it cannot be taken back. */
  sure?: string | undefined;
  onSubmit: () => Promise<Reply<unknown>>;
  fields: (failure: Failure | null) => ComponentChildren;
}

export function SavedForm({ title, about, action, done, danger = false, sure, onSubmit, fields }: SavedFormProps) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [phase, setPhase] = useState<"idle" | "busy" | "done">("idle");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (sure !== undefined && !confirm(sure)) return;
    setPhase("busy");
    const reply = await onSubmit();
    setFailure(reply.ok ? null : reply.failure);
    setPhase(reply.ok ? "done" : "idle");
  };
  return (
    <form class="panel form" onSubmit={submit} onInput={() => phase === "done" && setPhase("idle")}>
      <h2>{title}</h2>
      {about && <p>{about}</p>}
      {fields(failure)}
      <div class="actions">
        <button type="submit" class={danger ? "button danger" : "button primary"} disabled={phase === "busy"}>
          {action}
        </button>
        <span role="status" class={failure ? "field-error" : "field-hint"}>
          {failure ? failure.errors.length === 0 && failure.detail : phase === "done" && done}
        </span>
      </div>
    </form>
  );
}
