// Whether the audit trail is whole: what the hourly job found, and a look at this moment.
import { useState } from "preact/hooks";
import type { AuditCheck, AuditFault } from "../../workers/domain/audit.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "../state/api.ts";
import { verifyTrail } from "../state/audit.ts";
import { counted, formatDate, formatExact } from "../state/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed } from "../ui/notice.tsx";

type Look =
  | { phase: "none" }
  | { phase: "looking"; links: number }
  | { phase: "done"; links: number; faults: readonly AuditFault[] };

const KINDS: Record<AuditFault["kind"], string> = { changed: "Changed", missing: "Missing", forked: "Forked" };

const placeOf = ({ seq, through }: AuditFault): string => (through > seq ? `${seq} to ${through}` : String(seq));

function Found({ links, faults, when }: { links: number; faults: readonly AuditFault[]; when: string }) {
  if (faults.length === 0) {
    return (
      <p class="status better act-found">
        <Icon name="check" size={12} />
        {counted(links, "act")} verified {when}: none was changed, removed or put in between.
      </p>
    );
  }
  return (
    <div role="alert">
      <p class="status worse act-found">
        <Icon name="close" size={12} />
        The trail is not as it was written, {when}:
      </p>
      <ul class="act-faults">
        {faults.map((fault) => (
          <li key={`${fault.kind} ${fault.seq}`}>
            <b>
              {KINDS[fault.kind]}: {placeOf(fault)}
            </b>{" "}
            – {fault.detail}.
          </li>
        ))}
      </ul>
    </div>
  );
}

export function TrailCheck({ site, check }: { site: Site; check: AuditCheck | null }) {
  const [look, setLook] = useState<Look>({ phase: "none" });
  const [failure, setFailure] = useState<Failure | null>(null);
  const verify = async () => {
    setFailure(null);
    setLook({ phase: "looking", links: 0 });
    const reply = await verifyTrail(site, (links) => setLook({ phase: "looking", links }));
    if (reply.ok) return setLook({ phase: "done", ...reply.value });
    setFailure(reply.failure);
    setLook({ phase: "none" });
  };
  return (
    <section class="panel form" aria-label="Verification">
      {look.phase === "done" && <Found {...look} when="just now" />}
      {look.phase !== "done" && check && <Found {...check} when={`on ${formatDate(check.finishedAt)}`} />}
      {look.phase !== "done" && !check && <p>The job that verifies the trail has not come to its end so far.</p>}
      {failure && <Failed failure={failure} />}
      <div class="actions">
        <button type="button" class="button" disabled={look.phase === "looking"} onClick={() => void verify()}>
          {look.phase === "looking" ? `Verifying… ${formatExact(look.links)}` : "Verify now"}
        </button>
        <span class="field-hint">
          Each act is sealed with the one before it, by a key that the database does not hold. All acts of the
          deployment are one chain.
        </span>
      </div>
    </section>
  );
}
