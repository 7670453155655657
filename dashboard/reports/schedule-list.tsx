// When reports go out: each schedule with its next moment and its recipients, tried on oneself, paused, changed, removed.
import { useState } from "preact/hooks";
import type { ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type AlertChannel, type AlertRule, loadChannels, loadRules } from "../state/alerts.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { recipientText, scheduleFields, whenText } from "../state/report-schedule-draft.ts";
import { removeSchedule, saveSchedule, sendSchedule } from "../state/report-schedules.ts";
import type { ListedReport } from "../state/reports.ts";
import { session } from "../state/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { momentText } from "./moment-text.ts";
import { ScheduleDialog } from "./schedule-dialog.tsx";

interface ScheduleListProps {
  site: Site;
  list: Listed<ReportSchedule>;
  reports: readonly ListedReport[];
  /** Something was sent. */
  onSent: () => void;
}

interface Names {
  channel: (id: string) => string;
  rule: (id: string) => string;
}

function useNames(siteId: string): Names {
  const channels = useListed<AlertChannel>(siteId, async () => mapReply(await loadChannels(siteId), (r) => r.channels));
  const rules = useListed<AlertRule>(siteId, async () => mapReply(await loadRules(siteId), (r) => r.rules));
  return {
    channel: (id) => channels.items?.find((one) => one.id === id)?.label ?? "a removed channel",
    rule: (id) => rules.items?.find((one) => one.id === id)?.name ?? "a removed rule",
  };
}

const SOME = 3;

function toText({ recipients }: ReportSchedule, names: Names): string {
  const some = recipients.slice(0, SOME).map((one) => recipientText(one, names.channel));
  const more = recipients.length - some.length;
  return `to ${some.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The reader's own address; null for who holds the deployment's token. */
const ownAddress = (): string | null => (session.value.phase === "in" && session.value.session.person?.email) || null;

function nextText({ paused, nextAt, timeZone }: ReportSchedule): string {
  if (paused) return "Paused";
  return nextAt === null ? "Waits for its rules" : `Next ${momentText(nextAt, timeZone)} (${timeZone})`;
}

interface ScheduleProps extends ScheduleListProps {
  schedule: ReportSchedule;
  names: Names;
  onEdit: () => void;
}

function Schedule({ site, schedule, list, reports, names, onEdit, onSent }: ScheduleProps) {
  const [told, setTold] = useState("");
  const { id, name, when, reportId } = schedule;
  const report = reportId === null ? "Raw events" : reports.find((one) => one.id === reportId)?.name;
  const send = async (to: "me" | "all") => {
    const email = ownAddress();
    if (to === "me" && email === null) return;
    setTold("Sending…");
    const reply = await sendSchedule(site.id, id, to === "me" && email ? { to: "person", email } : undefined);
    setTold(reply.ok ? `On its way to ${to === "me" ? email : "all recipients"}.` : reply.failure.detail);
    if (reply.ok) onSent();
  };
  const pause = () =>
    void list.change(saveSchedule(site.id, { ...scheduleFields(schedule), paused: !schedule.paused }, schedule));
  const remove = () =>
    confirm(`Remove the schedule “${name}”? What was sent stays listed.`) &&
    void list.change(removeSchedule(site.id, id));
  return (
    <li class="report-schedule">
      <span class="access-who">
        <b>{name}</b>
        <span class="faint">
          {report ?? "A removed report"} · {whenText(when, names.rule)} · {toText(schedule, names)}
        </span>
        <span class="faint">{nextText(schedule)}</span>
        <span role="status">{told}</span>
      </span>
      <span class="report-acts">
        {ownAddress() !== null && (
          <button type="button" class="button small" onClick={() => void send("me")}>
            Send me a test
          </button>
        )}
        <button
          type="button"
          class="button small"
          aria-label={`Send now: ${name}, to all`}
          onClick={() => confirm(`Send “${name}” to all its recipients now?`) && void send("all")}
        >
          Send now
        </button>
        <button type="button" class="button small" onClick={pause}>
          {schedule.paused ? "Go on" : "Pause"}
        </button>
        <button type="button" class="icon-button" aria-label={`Edit the schedule ${name}`} onClick={onEdit}>
          <Icon name="edit" />
        </button>
        <button type="button" class="icon-button" aria-label={`Remove the schedule ${name}`} onClick={remove}>
          <Icon name="trash" />
        </button>
      </span>
    </li>
  );
}

export function ScheduleList(props: ScheduleListProps) {
  const { site, list, reports } = props;
  const { items, failure, load } = list;
  const [open, setOpen] = useState<ReportSchedule | "new" | null>(null);
  const names = useNames(site.id);
  return (
    <section class="panel form" aria-label="Schedules">
      <div class="section-head">
        <h2>Schedules</h2>
        <button type="button" class="button" onClick={() => setOpen("new")}>
          <Icon name="plus" />
          New schedule
        </button>
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!items && !failure && <Skeleton lines={2} />}
      {items?.length === 0 && (
        <p>Nothing goes out by itself yet. A schedule sends a report, or raw events, to whoever needs it.</p>
      )}
      {items && items.length > 0 && (
        <ul class="access-list">
          {items.map((schedule) => (
            <Schedule key={schedule.id} {...props} schedule={schedule} names={names} onEdit={() => setOpen(schedule)} />
          ))}
        </ul>
      )}
      {open && (
        <ScheduleDialog
          site={site}
          reports={reports}
          reportId={open === "new" ? (reports[0]?.id ?? null) : open.reportId}
          schedule={open === "new" ? null : open}
          onSaved={() => void load()}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
