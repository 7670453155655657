// Makes or changes a schedule: what is sent, when, as which files, and to whom.
import { useState } from "preact/hooks";
import type { ReportFormat } from "../../workers/domain/report.ts";
import type { ReportSchedule } from "../../workers/domain/report-schedule.ts";
import type { Site } from "../../workers/domain/site.ts";
import { type AlertChannel, type AlertRule, loadChannels, loadRules } from "../state/alerts.ts";
import type { Failure } from "../state/api.ts";
import { mapReply, useListed } from "../state/listed.ts";
import {
  newSchedule,
  RAW_FORMATS,
  type ScheduleDraft,
  scheduleFields,
  sending,
} from "../state/report-schedule-draft.ts";
import { saveSchedule, sendSchedule } from "../state/report-schedules.ts";
import { REPORT_FILES } from "../state/reports.ts";
import { mayIn, ownAddress } from "../state/session.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { browserTimeZone } from "../ui/time-zone-input.tsx";
import { RecipientFields } from "./recipient-fields.tsx";
import { PeriodSelect } from "./report-settings.tsx";
import { WhenFields } from "./when-fields.tsx";

/** What is sent where no report is. */
const RAW = "";
const USUAL_PERIOD = "7d";

interface FormProps {
  site: Site;
  draft: ScheduleDraft;
  change: (part: Partial<ScheduleDraft>) => void;
  errors: Failure["errors"];
}

interface NamedReport {
  id: string;
  name: string;
}

function WhatFields({
  mayExport,
  draft,
  reports,
  onDraft,
  errors,
}: Omit<FormProps, "change" | "site"> & {
  reports: readonly NamedReport[];
  /** Raw events are more than what is counted of them. */
  mayExport: boolean;
  onDraft: (draft: ScheduleDraft) => void;
}) {
  const isGone = draft.reportId !== null && !reports.some(({ id }) => id === draft.reportId);
  return (
    <Field label="What is sent" error={errorAt(errors, "reportId")}>
      {(attributes) => (
        <select
          {...attributes}
          class="input"
          value={draft.reportId ?? RAW}
          onChange={(event) => onDraft(sending(draft, event.currentTarget.value || null))}
        >
          {reports.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          {isGone && <option value={draft.reportId ?? RAW}>A removed report</option>}
          {(mayExport || draft.reportId === null) && <option value={RAW}>Raw events, as a file</option>}
        </select>
      )}
    </Field>
  );
}

function Period({ site, draft, change, errors }: FormProps) {
  const { period } = draft;
  return (
    <>
      {draft.reportId !== null && (
        <label class="check">
          <input
            type="checkbox"
            checked={period === null}
            onChange={(event) => change({ period: event.currentTarget.checked ? null : USUAL_PERIOD })}
          />
          The period that the report names
        </label>
      )}
      {period !== null && (
        <PeriodSelect
          site={site}
          label="Period"
          period={period}
          error={errorAt(errors, "period")}
          onPeriod={(chosen) => change({ period: chosen })}
        />
      )}
    </>
  );
}

function Formats({ draft, change, errors }: Omit<FormProps, "site">) {
  const offered = REPORT_FILES.filter(({ format }) => draft.reportId !== null || RAW_FORMATS.includes(format));
  const toggle = (format: ReportFormat) => {
    const has = draft.formats.includes(format);
    change({ formats: has ? draft.formats.filter((one) => one !== format) : [...draft.formats, format] });
  };
  const wrong = errorAt(errors, "formats");
  return (
    <fieldset class="access-scopes">
      <legend>As</legend>
      {offered.map(({ format, label }) => (
        <label key={format}>
          <input type="checkbox" checked={draft.formats.includes(format)} onChange={() => toggle(format)} />
          {format === "html" ? "HTML, in the mail itself" : label}
        </label>
      ))}
      {wrong && <p class="field-error">{wrong}</p>}
    </fieldset>
  );
}

interface ScheduleDialogProps {
  site: Site;
  reports: readonly NamedReport[];
  /** Of a new one; null for raw events. */
  reportId: string | null;
  /** Null makes a new one. */
  schedule: ReportSchedule | null;
  onSaved: () => void;
  onClose: () => void;
}

export function ScheduleDialog({ site, reports, reportId, schedule, onSaved, onClose }: ScheduleDialogProps) {
  const [draft, setDraft] = useState<ScheduleDraft>(() => {
    if (schedule) return scheduleFields(schedule);
    const name = reports.find(({ id }) => id === reportId)?.name;
    return newSchedule(reportId, { timeZone: browserTimeZone(), ...(name ? { reportName: name } : {}) });
  });
  const channels = useListed<AlertChannel>(site.id, async () =>
    mapReply(await loadChannels(site.id), (r) => r.channels),
  );
  const rules = useListed<AlertRule>(site.id, async () => mapReply(await loadRules(site.id), (r) => r.rules));
  const change = (part: Partial<ScheduleDraft>) => setDraft({ ...draft, ...part });
  const [tests, setTests] = useState(false);
  const own = ownAddress();
  const submit = async () => {
    const reply = await saveSchedule(site.id, draft, schedule);
    if (!reply.ok) return reply.failure;
    if (tests && own !== null) {
      const sent = await sendSchedule(site.id, reply.value.id, { to: "person", email: own });
      // It is saved: another try of the form would save it twice.
      if (!sent.ok) alert(`It is saved, but the test was not sent: ${sent.failure.detail}`);
    }
    onSaved();
    return null;
  };
  return (
    <DialogForm
      title={schedule ? `Schedule ${schedule.name}` : "New schedule"}
      action="Save schedule"
      wide
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <div class="form-grid">
            <TextInput
              label="Name"
              required
              value={draft.name}
              onValue={(name) => change({ name })}
              error={errorAt(errors, "name")}
            />
            <WhatFields
              mayExport={mayIn(site.teamId, "export")}
              draft={draft}
              reports={reports}
              onDraft={setDraft}
              errors={errors}
            />
          </div>
          <WhenFields draft={draft} rules={rules.items ?? []} errors={errors} change={change} />
          <Period site={site} draft={draft} change={change} errors={errors} />
          <p class="faint">Of whole days: the last 7 days are those before the one on which it goes out.</p>
          <Formats draft={draft} change={change} errors={errors} />
          <RecipientFields
            site={site}
            channels={channels.items ?? []}
            recipients={draft.recipients}
            errors={errors}
            onRecipients={(recipients) => change({ recipients })}
          />
          {own !== null && (
            <label class="check">
              <input type="checkbox" checked={tests} onChange={(event) => setTests(event.currentTarget.checked)} />
              Send a test to {own} as soon as it is saved
            </label>
          )}
        </>
      )}
    />
  );
}
