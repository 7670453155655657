// The plan beside what was seen, hints on names, and the versions with what each changed.
import { useEffect, useState } from "preact/hooks";
import type { Site } from "../../workers/domain/site.ts";
import type { Failure } from "../state/api.ts";
import { counted, formatDate } from "../state/format.ts";
import { mapReply, useListed } from "../state/listed.ts";
import {
  type Coverage,
  loadCoverage,
  loadDiff,
  loadHints,
  loadVersions,
  type PlanChange,
  type Version,
} from "../state/tracking-plan.ts";
import { Empty, Failed, Skeleton } from "../ui/notice.tsx";
import { Panel } from "./panel.tsx";

const GAPS = {
  never_sent: "planned, never sent",
  always_empty: "always empty",
  unplanned: "sent, not planned",
} as const;

function Names({ title, names }: { title: string; names: readonly { key: string; text: string }[] }) {
  if (names.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="plan-list">
        {names.map(({ key, text }) => (
          <li key={key}>
            <code>{key}</code> <span class="faint">{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

const times = (count: number): string => counted(count, "event");

export function PlanCoveragePanel({ site, version }: { site: Site; version: number }) {
  const [coverage, setCoverage] = useState<Coverage | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    const reply = await loadCoverage(site.id);
    setFailure(reply.ok ? null : reply.failure);
    if (reply.ok) setCoverage(reply.value);
  };
  useEffect(() => void load(), [site.id, version]);
  const gaps = coverage?.properties ?? [];
  return (
    <Panel title="Coverage of the last 30 days">
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!coverage && !failure && <Skeleton lines={4} />}
      {coverage && (
        <>
          <p>
            <b>{coverage.seen}</b> of {coverage.planned} planned events were seen.
          </p>
          <Names title="Planned, never seen" names={coverage.neverSeen.map((key) => ({ key, text: "" }))} />
          <Names
            title="Seen, not planned"
            names={coverage.unplanned.map(({ event, events }) => ({ key: event, text: times(events) }))}
          />
          <Names
            title="Properties"
            names={gaps.map(({ event, property, gap, events, of }) => ({
              key: `${event} · ${property}`,
              text: `${GAPS[gap]}, in ${events.toLocaleString("en")} of ${times(of)}`,
            }))}
          />
        </>
      )}
    </Panel>
  );
}

export function PlanHints({ site, version }: { site: Site; version: number }) {
  const list = useListed(`${site.id} ${version}`, async () => mapReply(await loadHints(site.id), ({ hints }) => hints));
  const { items, failure } = list;
  return (
    <Panel title="Names">
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={4} />}
      {items?.length === 0 && <Empty title="The names follow the convention, and none is near another" />}
      {items && <Names title="Hints" names={items.map(({ name, message }) => ({ key: name, text: message }))} />}
    </Panel>
  );
}

function Changes({ siteId, version }: { siteId: string; version: number }) {
  const [changes, setChanges] = useState<PlanChange[] | null>(null);
  useEffect(() => {
    void loadDiff(siteId, version - 1, version).then((reply) => setChanges(reply.ok ? reply.value.changes : []));
  }, [siteId, version]);
  if (!changes) return <Skeleton lines={2} />;
  return (
    <ul class="plan-list">
      {changes.map(({ event, property, what, breaking }) => (
        <li key={`${event} ${property} ${what}`}>
          <code>{[event, property].filter(Boolean).join(" · ") || "the plan"}</code> {what}{" "}
          {breaking && <span class="tag plan-enforce">breaking</span>}
        </li>
      ))}
    </ul>
  );
}

function VersionLine({ siteId, version }: { siteId: string; version: Version }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        Version {version.version}
      </button>{" "}
      <span class="faint">
        {formatDate(version.at)}
        {version.author && `, by ${version.author}`}
      </span>
      {open && <Changes siteId={siteId} version={version.version} />}
    </li>
  );
}

export function PlanVersions({ site, version }: { site: Site; version: number }) {
  const list = useListed(`${site.id} ${version}`, async () =>
    mapReply(await loadVersions(site.id), ({ versions }) => versions),
  );
  const { items, failure } = list;
  return (
    <Panel title="Versions" wide>
      {failure && <Failed failure={failure} onRetry={() => void list.load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && <Empty title="No version yet" />}
      <ul class="plan-list">
        {items?.map((one) => (
          <VersionLine key={one.version} siteId={site.id} version={one} />
        ))}
      </ul>
    </Panel>
  );
}
