// A forgotten password: asking for a link, and setting a new one by it.
import { useState } from "preact/hooks";
import { askForReset, confirmReset } from "../state/access.ts";
import { useCode } from "../state/code.ts";
import { navigate } from "../state/router.ts";
import { AskForLink } from "../ui/ask-for-link.tsx";
import { errorAt } from "../ui/field.tsx";
import { failureIn, Sheet, TextField } from "../ui/sheet.tsx";

export const NEW_PASSWORD = {
  label: "New password",
  type: "password",
  autocomplete: "new-password",
  hint: "10 characters or more; a few words do well.",
} as const;

function Confirm({ code }: { code: string }) {
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const submit = async () => {
    if (done) {
      navigate("/");
      return null;
    }
    const reply = await confirmReset(code, password);
    setDone(reply.ok);
    return failureIn(reply);
  };
  return (
    <Sheet
      title="Choose a new password"
      message={done && "The new password is set, and every session has ended."}
      action={done ? "Sign in" : "Set the password"}
      busyAction="One moment…"
      onSubmit={submit}
      after={<a href="/reset">Ask for a new link</a>}
      fields={(failure) =>
        !done && (
          <TextField
            {...NEW_PASSWORD}
            error={failure ? (errorAt(failure.errors, "password") ?? errorAt(failure.errors, "token")) : undefined}
            value={password}
            onValue={setPassword}
          />
        )
      }
    />
  );
}

export function ResetPage() {
  const code = useCode();
  if (code) return <Confirm code={code} />;
  return <AskForLink title="A new password" ask={askForReset} otherwise="Without mail here, an admin can make one." />;
}
