// Signing in by a link: asking for one by mail, and following it.
import { askForLink, confirmLink } from "../state/access.ts";
import { useCode } from "../state/code.ts";
import { navigate } from "../state/router.ts";
import { loadSession } from "../state/session.ts";
import { AskForLink } from "../ui/ask-for-link.tsx";
import { failureIn, Sheet } from "../ui/sheet.tsx";

/** By a button and not at once, since mail is opened by more than people. */
function Follow({ code }: { code: string }) {
  const submit = async () => {
    const reply = await confirmLink(code);
    if (reply.ok) {
      await loadSession();
      navigate("/", { replace: true });
    }
    return failureIn(reply);
  };
  return (
    <Sheet
      title="Sign in to Edgewise"
      message="The link works once."
      action="Sign in"
      busyAction="Signing in…"
      onSubmit={submit}
      after={<a href="/sign-in">Ask for a new link</a>}
      fields={() => null}
    />
  );
}

export function SignInLinkPage() {
  const code = useCode();
  if (code) return <Follow code={code} />;
  return (
    <AskForLink
      title="Sign in by a link"
      ask={askForLink}
      otherwise="It works once, for a quarter of an hour. Where no mail is set up, use the password."
    />
  );
}
