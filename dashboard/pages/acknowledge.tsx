// The link of an alert: what fires, and one button that says that somebody looks at it. Nobody has to sign in.
import { useEffect, useState } from "preact/hooks";
import { acknowledgeByLink, type LinkedIncident, lookAtLink } from "../state/alert-links.ts";
import type { Failure } from "../state/api.ts";
import { useCode } from "../state/code.ts";
import { navigate } from "../state/router.ts";
import { failureIn, Sheet } from "../ui/sheet.tsx";

const STATES: Record<Exclude<LinkedIncident["state"], "firing">, string> = {
  acknowledged: "Somebody looks at it already.",
  resolved: "It is over.",
  again: "It has fired again since. Use the link of the newer message.",
};

const toDashboard = () => {
  navigate("/");
  return Promise.resolve(null);
};

/** What is wrong with the link stands where the button would be. */
function NoLink({ why }: { why: string }) {
  return (
    <Sheet
      title="Acknowledge an alert"
      message={why}
      action="Go to the dashboard"
      onSubmit={toDashboard}
      fields={() => null}
    />
  );
}

function Linked({ code, incident }: { code: string; incident: LinkedIncident }) {
  const [done, setDone] = useState(false);
  const { site, name, severity, reason, state } = incident;
  const isOpen = state === "firing" && !done;
  const submit = async () => {
    const reply = await acknowledgeByLink(code);
    setDone(reply.ok);
    return failureIn(reply);
  };
  return (
    <Sheet
      title={name}
      message={
        done
          ? "Thank you. Everybody who was told is told that somebody looks at it."
          : state !== "firing" && STATES[state]
      }
      action={isOpen ? "I look at it" : "Go to the dashboard"}
      busyAction="One moment…"
      onSubmit={isOpen ? submit : toDashboard}
      fields={() => (
        <div class="linked-incident">
          <p dir="auto">{reason}</p>
          <p class="faint" dir="auto">
            {site} · {severity}
          </p>
        </div>
      )}
    />
  );
}

export function AcknowledgePage() {
  const code = useCode();
  const [incident, setIncident] = useState<LinkedIncident | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    document.title = "Acknowledge · Edgewise";
    if (code === null) return;
    void lookAtLink(code).then((reply) => {
      setFailure(failureIn(reply));
      setIncident(reply.ok ? reply.value : null);
    });
  }, [code]);
  if (code === null) return <NoLink why="Open the link as it was sent to you." />;
  if (failure) return <NoLink why={failure.errors[0]?.message ?? failure.detail} />;
  return incident && <Linked key={code} code={code} incident={incident} />;
}
