// How the system itself is doing: for those who run it.
import { useEffect, useRef, useState } from "preact/hooks";
import { MetricTargets } from "../panels/metric-targets.tsx";
import { SystemBudget, SystemCost, SystemHealth, SystemIncidents, SystemStorage } from "../panels/system-standing.tsx";
import { SystemApi, SystemIngest, SystemSlow } from "../panels/system-traffic.tsx";
import type { Failure } from "../state/api.ts";
import { maySeeSystem } from "../state/session.ts";
import { loadSystem, type SystemReply } from "../state/system.ts";
import { Choice } from "../ui/choice.tsx";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";

const PERIODS = [
  { id: "24", label: "24 hours" },
  { id: "168", label: "7 days" },
] as const;

const STATUS = {
  ok: { text: "All is well", tone: "better", icon: "check" },
  degraded: { text: "Works, with something to see to", tone: "near", icon: "pulse" },
  "not ready": { text: "Something it needs is lacking", tone: "worse", icon: "close" },
} as const;

function Standing({ status }: { status: keyof typeof STATUS }) {
  const { text, tone, icon } = STATUS[status];
  return (
    <span class={`status ${tone}`} role="status">
      <Icon name={icon} size={12} />
      {text}
    </span>
  );
}

function System() {
  const [hours, setHours] = useState<(typeof PERIODS)[number]["id"]>("24");
  const [system, setSystem] = useState<SystemReply | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const asked = useRef(0);
  const load = async () => {
    const own = ++asked.current;
    const reply = await loadSystem(Number(hours));
    if (own !== asked.current) return;
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setSystem(reply.value);
  };
  useEffect(() => void load(), [hours]);
  return (
    <>
      <div class="page-head system-head">
        <h1>System</h1>
        {system && <Standing status={system.health.status} />}
        <div class="actions">
          <Choice label="Last" chosen={hours} options={PERIODS} onChoose={setHours} />
          <button type="button" class="button" onClick={() => void load()}>
            <Icon name="return" />
            Look again
          </button>
        </div>
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!system && !failure && <Skeleton lines={10} />}
      {system && (
        <div class="panels system">
          <SystemHealth system={system} />
          <SystemIngest system={system} />
          <SystemBudget system={system} />
          <SystemApi system={system} />
          <SystemSlow system={system} />
          <SystemCost system={system} />
          <SystemStorage />
          <SystemIncidents system={system} />
          <MetricTargets of={null} />
        </div>
      )}
    </>
  );
}

export function SystemPage() {
  useEffect(() => {
    document.title = "System · Edgewise";
    return () => {
      document.title = "Edgewise";
    };
  }, []);
  if (maySeeSystem()) return <System />;
  return (
    <>
      <h1>System</h1>
      <Empty title="Not for you to see">How the system is doing is shown to owners and admins of the main team.</Empty>
    </>
  );
}
