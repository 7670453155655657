import { useState } from "preact/hooks";
import { signIn } from "../state/session.ts";
import { Field } from "../ui/field.tsx";
import { Logo } from "../ui/icon.tsx";

export function SignInPage({ message }: { message?: string | undefined }) {
  const [token, setToken] = useState("");
  const [error, setError] = useState<string | undefined>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    const reply = await signIn(token.trim());
    setBusy(false);
    if (!reply.ok)
      setError(reply.failure.status === 401 ? "This token is not right. Copy the whole line." : reply.failure.detail);
  };
  return (
    <main class="centre">
      <form class="sheet-form" onSubmit={submit}>
        <header class="sheet-brand">
          <Logo />
          <h1>Sign in to Edgewise</h1>
        </header>
        {message && (
          <p class="banner" role="status">
            {message}
          </p>
        )}
        <Field label="Token" error={error} hint="The server printed it when it first started, beside the address.">
          {(attributes) => (
            <input
              {...attributes}
              class="input mono"
              type="password"
              autocomplete="current-password"
              required
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button primary tall" disabled={busy || token.trim() === ""}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}
