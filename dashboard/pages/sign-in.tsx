import { useEffect, useState } from "preact/hooks";
import { loadClaim } from "../state/access.ts";
import { canUsePasskeys, signInByPasskey } from "../state/passkeys.ts";
import { type Credentials, signIn } from "../state/session.ts";
import { errorAt } from "../ui/field.tsx";
import { failureIn, failureOfToken, Sheet, TextField } from "../ui/sheet.tsx";

type Way = "password" | "token";

/** The token where the deployment has no owner yet: then nobody has a password. */
function useWay() {
  const [way, setWay] = useState<Way | null>(null);
  const [claimed, setClaimed] = useState(true);
  useEffect(() => {
    void loadClaim().then((reply) => {
      const isClaimed = !reply.ok || reply.value.claimed;
      setClaimed(isClaimed);
      setWay((chosen) => chosen ?? (isClaimed ? "password" : "token"));
    });
  }, []);
  return { way, setWay, claimed };
}

function PasskeyButton() {
  const [failure, setFailure] = useState("");
  const enter = async () => {
    const reply = await signInByPasskey();
    if (!reply.ok) setFailure(reply.failure.detail);
  };
  return (
    <>
      <button type="button" class="link" onClick={() => void enter()}>
        Use a passkey
      </button>
      {failure && (
        <span class="field-error" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}

export function SignInPage({ message }: { message?: string | undefined }) {
  const { way, setWay, claimed } = useWay();
  const [token, setToken] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  if (way === null) return null;
  const credentials: Credentials = way === "token" ? { token: token.trim() } : { email: email.trim(), password };
  return (
    <Sheet
      key={way}
      title="Sign in to Edgewise"
      message={message}
      action="Sign in"
      busyAction="Signing in…"
      onSubmit={async () => (way === "token" ? failureOfToken : failureIn)(await signIn(credentials))}
      after={
        <>
          {claimed && canUsePasskeys() && <PasskeyButton />}
          {way === "password" && <a href="/sign-in">Mail me a link</a>}
          {way === "password" && <a href="/reset">Forgot the password?</a>}
          {!claimed && <a href="/claim">First start? Make yourself the owner</a>}
          <button type="button" class="link" onClick={() => setWay(way === "token" ? "password" : "token")}>
            {way === "token" ? "Use a password" : "Use the server's token"}
          </button>
        </>
      }
      fields={(failure) =>
        way === "token" ? (
          <TextField
            label="Token"
            type="password"
            autocomplete="off"
            mono
            hint="The server printed it when it first started, beside the address."
            error={failure ? errorAt(failure.errors, "token") : undefined}
            value={token}
            onValue={setToken}
          />
        ) : (
          <>
            <TextField
              label="E-mail"
              type="email"
              autocomplete="username"
              error={failure ? errorAt(failure.errors, "email") : undefined}
              value={email}
              onValue={setEmail}
            />
            <TextField
              label="Password"
              type="password"
              autocomplete="current-password"
              value={password}
              onValue={setPassword}
            />
          </>
        )
      }
    />
  );
}
