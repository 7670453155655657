// The page of one form, for those who are not in yet: a logo, a heading, fields, one button.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Failure, Reply } from "../state/api.ts";
import { Field } from "./field.tsx";
import { Logo } from "./icon.tsx";

interface SheetProps {
  title: string;
  message?: ComponentChildren;
  /** Under the button. */
  after?: ComponentChildren;
  action: string;
  busyAction?: string;
  /** What goes wrong shows under the fields it names, and else above the button. */
  onSubmit: () => Promise<Failure | null>;
  fields: (failure: Failure | null) => ComponentChildren;
}

export function Sheet({ title, message, after, action, busyAction = action, onSubmit, fields }: SheetProps) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setFailure(await onSubmit());
    setBusy(false);
  };
  return (
    <main class="centre">
      <form class="sheet-form" onSubmit={submit}>
        <header class="sheet-brand">
          <Logo />
          <h1>{title}</h1>
        </header>
        {message && (
          <div class="banner" role="status">
            {message}
          </div>
        )}
        {fields(failure)}
        {failure && failure.errors.length === 0 && (
          <p class="field-error" role="alert">
            {failure.detail}
          </p>
        )}
        <button type="submit" class="button primary tall" disabled={busy}>
          {busy ? busyAction : action}
        </button>
        {after && <p class="sheet-after">{after}</p>}
      </form>
    </main>
  );
}

interface TextFieldProps {
  label: string;
  type?: "text" | "email" | "password";
  autocomplete: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  error?: string | undefined;
  mono?: boolean;
}

export function TextField({ label, type = "text", autocomplete, value, onValue, hint, error, mono }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          class={mono ? "input mono" : "input"}
          type={type as "text"} // each type is allowed by itself, a choice of them is not
          autocomplete={autocomplete}
          required
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** What a sheet shows of a reply. */
export const failureIn = (reply: Reply<unknown>): Failure | null => (reply.ok ? null : reply.failure);

/** The same, but a wrong token is said where it was typed. */
export function failureOfToken(reply: Reply<unknown>): Failure | null {
  const failure = failureIn(reply);
  if (failure?.status !== 401) return failure;
  return { ...failure, errors: [{ path: "token", message: "This token is not right. Copy the whole line." }] };
}
