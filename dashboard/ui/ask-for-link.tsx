// The sheet that asks for an address and has a link mailed to it.
import { useState } from "preact/hooks";
import type { Reply } from "../state/api.ts";
import { errorAt } from "./field.tsx";
import { failureIn, Sheet, TextField } from "./sheet.tsx";

interface AskForLinkProps {
  title: string;
  ask: (email: string) => Promise<Reply<null>>;
  /** What somebody does where no mail is set up. */
  otherwise: string;
}

export function AskForLink({ title, ask, otherwise }: AskForLinkProps) {
  const [email, setEmail] = useState("");
  const [asked, setAsked] = useState(false);
  const submit = async () => {
    const reply = await ask(email.trim());
    setAsked(reply.ok);
    return failureIn(reply);
  };
  return (
    <Sheet
      title={title}
      message={asked && `If somebody has this address, a link is on its way. ${otherwise}`}
      action="Send a link"
      busyAction="Sending…"
      onSubmit={submit}
      after={<a href="/">Back to sign-in</a>}
      fields={(failure) => (
        <TextField
          label="E-mail"
          type="email"
          autocomplete="username"
          error={failure ? errorAt(failure.errors, "email") : undefined}
          value={email}
          onValue={setEmail}
        />
      )}
    />
  );
}
