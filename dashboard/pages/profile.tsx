// The reader's own account: what they are called, how they sign in, where they are, and the end of it.
import { useEffect, useState } from "preact/hooks";
import { PasskeysPanel } from "../panels/passkeys-panel.tsx";
import { SessionsPanel } from "../panels/sessions-panel.tsx";
import type { Failure } from "../state/api.ts";
import { changePassword, deleteMe, loadMe, type Me, rename } from "../state/me.ts";
import { loadSession, session } from "../state/session.ts";
import { errorAt } from "../ui/field.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { SavedForm } from "../ui/saved-form.tsx";
import { TextField } from "../ui/sheet.tsx";
import { NEW_PASSWORD } from "./reset.tsx";

const errorIn = (failure: Failure | null, path: string) => (failure ? errorAt(failure.errors, path) : undefined);

function NameForm({ me }: { me: Me }) {
  const [name, setName] = useState(me.name);
  const save = async () => {
    const reply = await rename(name.trim());
    if (reply.ok) await loadSession();
    return reply;
  };
  return (
    <SavedForm
      title="Name"
      about="What the others of your teams see."
      action="Save"
      done="Saved"
      onSubmit={save}
      fields={(failure) => (
        <TextField label="Name" autocomplete="name" error={errorIn(failure, "name")} value={name} onValue={setName} />
      )}
    />
  );
}

const BLANK = { password: "", newPassword: "" };

function PasswordForm({ email, onChanged }: { email: string; onChanged: () => void }) {
  const [draft, setDraft] = useState(BLANK);
  const save = async () => {
    const reply = await changePassword(draft);
    if (!reply.ok) return reply;
    setDraft(BLANK);
    onChanged();
    return reply;
  };
  return (
    <SavedForm
      title="Password"
      about="A new one ends your other sessions."
      action="Change the password"
      done="Changed, and your other sessions have ended"
      onSubmit={save}
      fields={(failure) => (
        <>
          {/* For the browser's own keeper of passwords. */}
          <input type="text" hidden autocomplete="username" value={email} readOnly />
          <TextField
            label="Password so far"
            type="password"
            autocomplete="current-password"
            error={errorIn(failure, "password")}
            value={draft.password}
            onValue={(password) => setDraft({ ...draft, password })}
          />
          <TextField
            {...NEW_PASSWORD}
            error={errorIn(failure, "newPassword")}
            value={draft.newPassword}
            onValue={(newPassword) => setDraft({ ...draft, newPassword })}
          />
        </>
      )}
    />
  );
}

function NoPassword() {
  return (
    <section class="panel form">
      <h2>Password</h2>
      <p>
        You have none so far. <a href="/reset">Ask for a link</a> to set one.
      </p>
    </section>
  );
}

function FarewellForm() {
  const [email, setEmail] = useState("");
  const leave = async () => {
    const reply = await deleteMe(email.trim());
    if (reply.ok) await loadSession();
    return reply;
  };
  return (
    <SavedForm
      title="Delete the account"
      about="Removes you from your teams, with everything that is kept of you. Sites and their numbers stay."
      action="Delete the account"
      done="Deleted"
      danger
      onSubmit={leave}
      fields={(failure) => (
        <TextField
          label="Your e-mail address, to confirm"
          type="email"
          autocomplete="off"
          error={errorIn(failure, "email")}
          value={email}
          onValue={setEmail}
        />
      )}
    />
  );
}

/** Whoever holds the server's token or a share link is nobody in particular. */
function Nobody() {
  return (
    <div class="narrow">
      <h1>Profile</h1>
      <Empty title="Nobody has signed in by e-mail here">
        A token and a share link have no profile. <a href="/claim">Make yourself the owner</a> if this deployment has
        none, or sign out and in again with your e-mail address.
      </Empty>
    </div>
  );
}

export function ProfilePage() {
  const { value } = session;
  return value.phase === "in" && value.session.person ? <OwnProfile /> : <Nobody />;
}

function OwnProfile() {
  const [me, setMe] = useState<Me | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [round, setRound] = useState(0);
  const load = async () => {
    const reply = await loadMe();
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setMe(reply.value);
  };
  useEffect(() => {
    document.title = "Profile · Edgewise";
    void load();
    return () => {
      document.title = "Edgewise";
    };
  }, []);
  return (
    <div class="narrow">
      <div class="page-head">
        <h1>Profile</h1>
        {me && <span class="faint">{me.email}</span>}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!me && !failure && <Skeleton lines={8} />}
      {me && (
        <>
          <NameForm me={me} />
          {me.hasPassword ? <PasswordForm email={me.email} onChanged={() => setRound(round + 1)} /> : <NoPassword />}
          <PasskeysPanel />
          <SessionsPanel round={round} />
          <FarewellForm />
        </>
      )}
    </div>
  );
}
