// The first start: the holder of the server's token becomes its first owner.
import { useEffect, useState } from "preact/hooks";
import { claim, loadClaim } from "../state/access.ts";
import { navigate } from "../state/router.ts";
import { loadSession, session } from "../state/session.ts";
import { errorAt } from "../ui/field.tsx";
import { failureOfToken, Sheet, TextField } from "../ui/sheet.tsx";
import { NEW_PASSWORD } from "./reset.tsx";

export function ClaimPage() {
  const holdsToken = session.value.phase === "in" && session.value.session.role === "owner";
  const [claimed, setClaimed] = useState(false);
  const [draft, setDraft] = useState({ token: "", name: "", email: "", password: "" });
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  useEffect(() => void loadClaim().then((reply) => reply.ok && setClaimed(reply.value.claimed)), []);
  const submit = async () => {
    const { token, ...person } = draft;
    const reply = await claim({ ...person, ...(!holdsToken && { token: token.trim() }) });
    if (!reply.ok) return failureOfToken(reply);
    await loadSession();
    navigate("/");
    return null;
  };
  if (claimed) {
    const back = async () => {
      navigate("/");
      return null;
    };
    const message = "This deployment has an owner. Ask them for an invitation.";
    return <Sheet title="Already claimed" message={message} action="Sign in" onSubmit={back} fields={() => null} />;
  }
  return (
    <Sheet
      title="Make yourself the owner"
      action="Become the owner"
      busyAction="One moment…"
      onSubmit={submit}
      after="From then on you sign in by e-mail and password, and invite others. The token goes on working for scripts."
      fields={(failure) => (
        <>
          {!holdsToken && (
            <TextField
              label="Token"
              type="password"
              autocomplete="off"
              mono
              hint="The server printed it when it first started."
              error={failure ? errorAt(failure.errors, "token") : undefined}
              value={draft.token}
              onValue={(token) => change({ token })}
            />
          )}
          <TextField label="Name" autocomplete="name" value={draft.name} onValue={(name) => change({ name })} />
          <TextField
            label="E-mail"
            type="email"
            autocomplete="username"
            error={failure ? errorAt(failure.errors, "email") : undefined}
            value={draft.email}
            onValue={(email) => change({ email })}
          />
          <TextField
            {...NEW_PASSWORD}
            error={failure ? errorAt(failure.errors, "password") : undefined}
            value={draft.password}
            onValue={(password) => change({ password })}
          />
        </>
      )}
    />
  );
}
