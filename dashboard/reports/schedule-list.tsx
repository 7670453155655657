// When reports go out: each schedule with its next moment and its recipients, tried on oneself, paused, changed, removed.
import { useState } from "preact/hooks";
import type { ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type AlertChannel, type AlertRule, loadChannels, loadRules } from "../state/alerts.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { recipientText, scheduleFields, whenText } from "../state/report-schedule-draft.ts";
import { removeSchedule, saveSchedule, sendSchedule } from "../state/report-schedules.ts";
import type { ListedReport } from "../state/reports.ts";
import { ownAddress } from "../state/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Failed, Skeleton } from "../ui/notice.tsx";
import { momentText } from "./moment-text.ts";
import { ScheduleDialog } from "./schedule-dialog.tsx";

interface ScheduleListProps {
  site: Site;
  list: Listed<ReportSchedule>;
  reports: readonly ListedReport[];
  /** Whoever makes one hands figures to others. */
  maySend: boolean;
  /** Who wants no more of it, as far as the history is shown. */
  unsubscribed: (scheduleId: string) => string[];
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

function nextText({ paused, nextAt, timeZone }: ReportSchedule): string {
  if (paused) return "Paused";
  return nextAt === null ? "Waits for its rules" : `Next ${momentText(nextAt, timeZone)} (${timeZone})`;
}

interface ScheduleProps extends ScheduleListProps {
  schedule: ReportSchedule;
  names: Names;
  onEdit: () => void;
}

function Acts({ site, schedule, list, onEdit, onSent, onTold }: ScheduleProps & { onTold: (told: string) => void }) {
  const { id, name, paused } = schedule;
  const own = ownAddress();
  const send = async (email: string | null) => {
    onTold("Sending…");
    const reply = await sendSchedule(site.id, id, email === null ? undefined : { to: "person", email });
    onTold(reply.ok ? `On its way to ${email ?? "all recipients"}.` : reply.failure.detail);
    if (reply.ok) onSent();
  };
  const pause = () =>
    void list.change(saveSchedule(site.id, { ...scheduleFields(schedule), paused: !paused }, schedule));
  const remove = () =>
    confirm(`Remove the schedule “${name}”? What was sent stays listed.`) &&
    void list.change(removeSchedule(site.id, id));
  return (
    <span class="report-acts">
      {own !== null && (
        <button type="button" class="button small" onClick={() => void send(own)}>
          Send me a test
        </button>
      )}
      <button
        type="button"
        class="button small"
        aria-label={`Send now: ${name}, to all`}
        onClick={() => confirm(`Send “${name}” to all its recipients now?`) && void send(null)}
      >
        Send now
      </button>
      <button type="button" class="button small" onClick={pause}>
        {paused ? "Go on" : "Pause"}
      </button>
      <button type="button" class="icon-button" aria-label={`Edit the schedule ${name}`} onClick={onEdit}>
        <Icon name="edit" />
      </button>
      <button type="button" class="icon-button" aria-label={`Remove the schedule ${name}`} onClick={remove}>
        <Icon name="trash" />
      </button>
    </span>
  );
}

function Schedule(props: ScheduleProps) {
  const { schedule, reports, names, maySend, unsubscribed } = props;
  const [told, setTold] = useState("");
  const { id, name, when, reportId } = schedule;
  const report = reportId === null ? "Raw events" : reports.find((one) => one.id === reportId)?.name;
  const gone = unsubscribed(id);
  return (
    <li class="report-schedule">
      <span class="access-who">
        <b>{name}</b>
        <span class="faint">
          {report ?? "A removed report"} · {whenText(when, names.rule)} · {toText(schedule, names)}
        </span>
        <span class="faint">{nextText(schedule)}</span>
        {gone.length > 0 && <span class="faint">Unsubscribed: {gone.join(", ")}</span>}
        <span role="status">{told}</span>
      </span>
      {maySend && <Acts {...props} onTold={setTold} />}
    </li>
  );
}

export function ScheduleList(props: ScheduleListProps) {
  const { site, list, reports, maySend } = props;
  const { items, failure, load } = list;
  const [open, setOpen] = useState<ReportSchedule | "new" | null>(null);
  const names = useNames(site.id);
  return (
    <section class="panel form" aria-label="Schedules">
      <div class="section-head">
        <h2>Schedules</h2>
        {maySend && (
          <button type="button" class="button" onClick={() => setOpen("new")}>
            <Icon name="plus" />
            New schedule
          </button>
        )}
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
          onSaved={() => {
            void load();
            props.onSent();
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  );
}
