// When nobody is woken: hours of a rule, silences of a rule, and maintenance of the site.
import { useState } from "preact/hooks";
import type { Schedule } from "../../workers/domain/alert.ts";
import { type AlertRule, saveRule } from "../state/alerts.ts";
import type { Reply } from "../state/api.ts";
import { formatClock, formatDate } from "../state/format.ts";
import { type Listed, mapReply, useListed } from "../state/listed.ts";
import { endedEarly, loadMaintenance, type Quiet, saveMaintenance } from "../state/on-call.ts";
import { DialogForm } from "../ui/dialog-form.tsx";
import { errorAt, Switch, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { MomentInput } from "../ui/moment-input.tsx";
import { Failed } from "../ui/notice.tsx";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const WORKING: Schedule = { days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" };

const when = (at: number): string => `${formatDate(at)} ${formatClock(at)}`;
const thisMinute = (): number => Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;

/** A rule with some of its fields changed. */
function changeRule(siteId: string, rule: AlertRule, part: Partial<AlertRule>): Promise<Reply<AlertRule>> {
  const { id, version: _, createdAt: __, ...fields } = { ...rule, ...part };
  return saveRule(siteId, fields, id);
}

interface WindowDialogProps {
  title: string;
  /** Of what the API complains. */
  path: string;
  onSave: (window: Quiet) => Promise<Reply<unknown>>;
  onSaved: () => Promise<void>;
  onClose: () => void;
}

function WindowDialog({ title, path, onSave, onSaved, onClose }: WindowDialogProps) {
  const [draft, setDraft] = useState<Quiet>(() => ({ from: thisMinute(), until: thisMinute() + HOUR_MS, why: "" }));
  const submit = async () => {
    const reply = await onSave(draft);
    if (!reply.ok) return reply.failure;
    await onSaved();
    return null;
  };
  return (
    <DialogForm
      title={title}
      action="Save"
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <MomentInput label="From" value={draft.from} onValue={(from) => setDraft({ ...draft, from })} />
          <MomentInput
            label="Until"
            value={draft.until}
            onValue={(until) => setDraft({ ...draft, until })}
            error={errorAt(errors, path)}
          />
          <TextInput label="Why (optional)" value={draft.why} onValue={(why) => setDraft({ ...draft, why })} />
        </>
      )}
    />
  );
}

interface RuleProps {
  siteId: string;
  rule: AlertRule;
  list: Listed<AlertRule>;
}

function ScheduleDialog({ siteId, rule, list, onClose }: RuleProps & { onClose: () => void }) {
  const [schedule, setSchedule] = useState<Schedule | null>(rule.schedule);
  const submit = async () => {
    const reply = await changeRule(siteId, rule, { schedule });
    if (!reply.ok) return reply.failure;
    await list.load();
    return null;
  };
  const toggle = (of: Schedule, day: number) => {
    const days = of.days.includes(day) ? of.days.filter((one) => one !== day) : [...of.days, day].sort();
    setSchedule({ ...of, days });
  };
  return (
    <DialogForm
      title={`Hours of ${rule.name}`}
      action="Save"
      onClose={onClose}
      onSubmit={submit}
      fields={(errors) => (
        <>
          <Switch
            label="Only at some hours"
            hint="Outside of them it does not begin to fire; what still holds afterwards fires then."
            checked={schedule !== null}
            onChange={(isLimited) => setSchedule(isLimited ? WORKING : null)}
          />
          {schedule && (
            <>
              <fieldset class="access-scopes">
                <legend>Days</legend>
                {DAYS.map((name, index) => (
                  <label key={name}>
                    <input
                      type="checkbox"
                      checked={schedule.days.includes(index + 1)}
                      onChange={() => toggle(schedule, index + 1)}
                    />
                    {name}
                  </label>
                ))}
                {errorAt(errors, "schedule.days") && (
                  <span class="field-error" role="alert">
                    Choose a day or more.
                  </span>
                )}
              </fieldset>
              <div class="form-grid">
                <TextInput
                  label="From (site's time, 24 h)"
                  required
                  value={schedule.from}
                  onValue={(from) => setSchedule({ ...schedule, from })}
                  error={errorAt(errors, "schedule.from")}
                />
                <TextInput
                  label="To"
                  required
                  value={schedule.to}
                  onValue={(to) => setSchedule({ ...schedule, to })}
                  error={errorAt(errors, "schedule.to")}
                />
              </div>
            </>
          )}
        </>
      )}
    />
  );
}

function hoursText({ schedule }: AlertRule): string {
  if (!schedule) return "at all hours";
  return `${schedule.days.map((day) => DAYS[day - 1]).join(", ")} ${schedule.from}–${schedule.to}`;
}

function RuleLine({ siteId, rule, list }: RuleProps) {
  const [open, setOpen] = useState<"schedule" | "silence" | null>(null);
  const now = Date.now();
  // What is over is forgotten with the next change.
  const silences = rule.silences.filter(({ until }) => until > now);
  const silent = silences.find(({ from }) => from <= now);
  const next = silent ?? silences[0];
  const silence = (window: Quiet) => changeRule(siteId, rule, { silences: [...silences, window] });
  const forAnHour = () =>
    void list.change(silence({ from: thisMinute(), until: thisMinute() + HOUR_MS + MINUTE_MS, why: "" }));
  const text = silent
    ? `silent until ${when(silent.until)}${silent.why === "" ? "" : `, ${silent.why}`}`
    : `${hoursText(rule)}${silences.length > 0 ? `, silent from ${when(silences[0]!.from)}` : ""}`;
  return (
    <li>
      <span class="access-who">
        <b>{rule.name}</b>
        <span class="faint" title={text}>
          {text}
        </span>
      </span>
      {next ? (
        <button
          type="button"
          class="button small"
          onClick={() =>
            void list.change(changeRule(siteId, rule, { silences: endedEarly(silences, next, Date.now()) }))
          }
        >
          {silent ? "End silence" : "Cancel silence"}
        </button>
      ) : (
        <button type="button" class="button small" onClick={forAnHour}>
          Silence 1 h
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={`Silence ${rule.name} at a time`}
        onClick={() => setOpen("silence")}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Hours of ${rule.name}`}
        onClick={() => setOpen("schedule")}
      >
        <Icon name="edit" />
      </button>
      {open === "schedule" && <ScheduleDialog siteId={siteId} rule={rule} list={list} onClose={() => setOpen(null)} />}
      {open === "silence" && (
        <WindowDialog
          title={`Silence ${rule.name}`}
          path="silences"
          onSave={silence}
          onSaved={list.load}
          onClose={() => setOpen(null)}
        />
      )}
    </li>
  );
}

function Maintenance({ siteId }: { siteId: string }) {
  const [isNew, setIsNew] = useState(false);
  const list = useListed(siteId, async () => mapReply(await loadMaintenance(siteId), (reply) => reply.windows));
  const now = Date.now();
  const windows = list.items?.filter(({ until }) => until > now) ?? [];
  const end = (window: Quiet) => void list.change(saveMaintenance(siteId, endedEarly(windows, window, Date.now())));
  return (
    <>
      <div class="section-head">
        <h3>Maintenance of the site</h3>
        <button type="button" class="button small" onClick={() => setIsNew(true)}>
          <Icon name="plus" />
          New window
        </button>
      </div>
      {list.failure && <Failed failure={list.failure} onRetry={() => void list.load()} />}
      {windows.length === 0 && <p>None is planned. Within one no rule of the site begins to fire.</p>}
      <ul class="access-list">
        {windows.map((window, index) => (
          <li key={`${window.from} ${window.until} ${index}`}>
            <span class="access-who">
              <b>
                {when(window.from)} – {when(window.until)}
              </b>
              <span class="faint">{window.why}</span>
            </span>
            {window.from <= now ? (
              <button type="button" class="button small" onClick={() => end(window)}>
                End now
              </button>
            ) : (
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove the maintenance from ${when(window.from)}`}
                onClick={() => end(window)}
              >
                <Icon name="trash" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {isNew && (
        <WindowDialog
          title="Maintenance"
          path="windows"
          onSave={(window) => saveMaintenance(siteId, [...windows, window])}
          onSaved={list.load}
          onClose={() => setIsNew(false)}
        />
      )}
    </>
  );
}

export function AlertQuiet({ siteId, rules }: { siteId: string; rules: Listed<AlertRule> }) {
  return (
    <section class="panel form">
      <h2>Quiet times</h2>
      {rules.failure && rules.failure.errors.length > 0 && (
        <p class="field-error" role="alert">
          {rules.failure.errors[0]?.message}
        </p>
      )}
      {rules.items && rules.items.length > 0 && (
        <ul class="access-list">
          {rules.items.map((rule) => (
            <RuleLine key={rule.id} siteId={siteId} rule={rule} list={rules} />
          ))}
        </ul>
      )}
      <Maintenance siteId={siteId} />
    </section>
  );
}
