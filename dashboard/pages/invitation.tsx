import { useEffect, useState } from "preact/hooks";
import { acceptInvitation, type InvitationOffer, loadInvitation } from "../state/access.ts";
import type { Failure } from "../state/api.ts";
import { useCode } from "../state/code.ts";
import { navigate } from "../state/router.ts";
import { loadSession } from "../state/session.ts";
import { loadSites } from "../state/sites.ts";
import { errorAt } from "../ui/field.tsx";
import { Sheet, TextField } from "../ui/sheet.tsx";
import { NEW_PASSWORD } from "./reset.tsx";

function Fields({ offer, failure, draft, change }: FieldsProps) {
  const error = failure ? errorAt(failure.errors, "password") : undefined;
  if (offer.signedIn) return null;
  const password = { value: draft.password, onValue: (value: string) => change({ password: value }), error };
  if (offer.isKnown) {
    return <TextField label="Password" type="password" autocomplete="current-password" {...password} />;
  }
  return (
    <>
      <TextField label="Name" autocomplete="name" value={draft.name} onValue={(name) => change({ name })} />
      <TextField {...NEW_PASSWORD} {...password} />
    </>
  );
}

interface Draft {
  name: string;
  password: string;
}

interface FieldsProps {
  offer: InvitationOffer;
  failure: Failure | null;
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

function Accept({ code, offer }: { code: string; offer: InvitationOffer }) {
  const [draft, setDraft] = useState<Draft>({ name: "", password: "" });
  const submit = async () => {
    const { name, password } = draft;
    const typed = offer.signedIn ? {} : offer.isKnown ? { password } : { name: name.trim(), password };
    const reply = await acceptInvitation(code, typed);
    if (!reply.ok) return reply.failure;
    await loadSession();
    await loadSites();
    navigate("/");
    return null;
  };
  return (
    <Sheet
      title={`Join ${offer.team}`}
      message={
        <>
          You are invited as <b>{offer.role}</b>, with the address <b>{offer.email}</b>.
        </>
      }
      action="Join"
      busyAction="Joining…"
      onSubmit={submit}
      fields={(failure) => (
        <Fields offer={offer} failure={failure} draft={draft} change={(part) => setDraft({ ...draft, ...part })} />
      )}
    />
  );
}

export function InvitationPage() {
  const code = useCode();
  const [offer, setOffer] = useState<InvitationOffer | null>(null);
  const [failure, setFailure] = useState<string | null>(code ? null : "This link is not whole. Copy all of it.");
  useEffect(() => {
    if (!code) return;
    void loadInvitation(code).then((reply) => (reply.ok ? setOffer(reply.value) : setFailure(reply.failure.detail)));
  }, [code]);
  const leave = async () => {
    navigate("/");
    return null;
  };
  if (code && offer) return <Accept code={code} offer={offer} />;
  if (!failure) return null;
  return <Sheet title="No invitation" message={failure} action="Sign in" onSubmit={leave} fields={() => null} />;
}
