// A share link: opened at once where the link is enough, by its password where it has one.
import { useEffect, useState } from "preact/hooks";
import { openShare, type SharedReport } from "../state/access.ts";
import { itemHref, navigate, siteHref } from "../state/router.ts";
import { loadSession } from "../state/session.ts";
import { loadSites } from "../state/sites.ts";
import { later } from "../ui/later.tsx";
import { Skeleton } from "../ui/notice.tsx";
import { Sheet, TextField } from "../ui/sheet.tsx";

type Phase = { now: "opening" | "locked" } | { now: "gone"; detail: string } | { now: "report"; report: SharedReport };

const SharedReportPage = later(
  async () => (await import("../reports/shared-report.tsx")).SharedReportPage,
  () => <Skeleton lines={8} />,
);

export function SharePage({ id }: { id: string }) {
  const [phase, setPhase] = useState<Phase>({ now: "opening" });
  const [password, setPassword] = useState("");
  const open = async (typed?: string) => {
    const reply = await openShare(id, typed);
    if (!reply.ok) return reply.failure;
    if ("report" in reply.value) {
      setPhase({ now: "report", report: reply.value.report });
      return null;
    }
    await loadSession();
    await loadSites();
    const { site, boardId } = reply.value;
    navigate(boardId === null ? siteHref(site.id) : itemHref(site.id, "boards", boardId), { replace: true });
    return null;
  };
  useEffect(() => {
    void open().then((failure) => {
      if (failure) setPhase(failure.status === 401 ? { now: "locked" } : { now: "gone", detail: failure.detail });
    });
  }, [id]);
  if (phase.now === "opening") return null;
  if (phase.now === "report") return <SharedReportPage id={id} report={phase.report} />;
  const leave = async () => {
    navigate("/");
    return null;
  };
  if (phase.now === "gone") {
    return (
      <Sheet
        title="Nothing is shared here"
        message={phase.detail}
        action="Sign in"
        onSubmit={leave}
        fields={() => null}
      />
    );
  }
  return (
    <Sheet
      title="Shared with a password"
      action="Open"
      busyAction="Opening…"
      onSubmit={() => open(password)}
      fields={() => (
        <TextField label="Password" type="password" autocomplete="off" value={password} onValue={setPassword} />
      )}
    />
  );
}
