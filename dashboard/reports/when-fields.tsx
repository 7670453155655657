// When a report goes out, with the moments that come of it.
import { useEffect, useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { ReportWhen } from "../../workers/domain/report-schedule.ts";
import type { AlertRule } from "../state/alerts.ts";
import { type LocalTimes, nextMoments } from "../state/report-moments.ts";
import { EVERY, everyKinds, type ScheduleDraft, WEEKDAYS, whenOf } from "../state/report-schedule-draft.ts";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";
import { TimeZoneInput } from "../ui/time-zone-input.tsx";
import { Checks } from "./choose-fields.tsx";
import { momentText } from "./moment-text.ts";

const SHOWN = 3;

interface WhenProps {
  draft: ScheduleDraft;
  rules: readonly AlertRule[];
  errors: readonly FieldError[];
  change: (part: Partial<ScheduleDraft>) => void;
}

/** Undefined while it is loaded, or where the pattern cannot be read. */
function usePattern(when: ReportWhen): LocalTimes | undefined {
  const pattern = when.every === "cron" ? when.cron : null;
  const [times, setTimes] = useState<{ of: string; times: LocalTimes } | null>(null);
  useEffect(() => {
    if (pattern === null) return;
    const read = async () => {
      const { cronTimes } = await import("../state/cron-times.ts");
      setTimes({ of: pattern, times: cronTimes(pattern) });
    };
    // What is half written is no pattern yet; the API says what is wrong with it when it is saved.
    read().catch(() => setTimes(null));
  }, [pattern]);
  return times?.of === pattern ? times?.times : undefined;
}

function momentsOf(draft: ScheduleDraft, pattern: LocalTimes | undefined): number[] {
  const { when, timeZone } = draft;
  try {
    return nextMoments(when, { timeZone, after: Date.now(), count: SHOWN, ...(pattern ? { pattern } : {}) });
  } catch {
    // A zone that is half written.
    return [];
  }
}

function NextMoments({ draft }: { draft: ScheduleDraft }) {
  const moments = momentsOf(draft, usePattern(draft.when));
  if (draft.when.every === "alert")
    return <p class="faint">It goes out each time that one of these rules begins to fire.</p>;
  return (
    <div role="status" aria-label="Next moments">
      {moments.length === 0 ? (
        <p class="faint">No moment comes of this yet.</p>
      ) : (
        <>
          <p class="faint">Next, in {draft.timeZone}:</p>
          <ol class="report-moments">
            {moments.map((at) => (
              <li key={at}>{momentText(at, draft.timeZone)}</li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}

function TimeOfDay({ at, error, onAt }: { at: string; error: string | undefined; onAt: (at: string) => void }) {
  return (
    <Field label="At" error={error}>
      {(attributes) => (
        <input
          {...attributes}
          class="input"
          type="time"
          required
          value={at}
          onInput={(event) => onAt(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function KindFields({ draft, rules, errors, change }: WhenProps) {
  const { when } = draft;
  const set = (next: ReportWhen) => change({ when: next });
  if (when.every === "alert") {
    if (rules.length === 0) return <p>There is no rule yet; make one under Alerts.</p>;
    return (
      <Checks legend="Rules" all={rules} chosen={when.ruleIds} onChosen={(ruleIds) => set({ ...when, ruleIds })} />
    );
  }
  if (when.every === "cron") {
    return (
      <TextInput
        label="Pattern"
        mono
        hint="Minute, hour, day, month, weekday; at most once an hour"
        value={when.cron}
        onValue={(cron) => set({ ...when, cron })}
        error={errorAt(errors, "when.cron")}
      />
    );
  }
  return (
    <div class="form-grid">
      {when.every === "week" && (
        <SelectInput
          label="On"
          value={String(when.weekday)}
          options={WEEKDAYS.map((_, index) => String(index + 1))}
          text={(weekday) => WEEKDAYS[Number(weekday) - 1] ?? weekday}
          onValue={(weekday) => set({ ...when, weekday: Number(weekday) })}
        />
      )}
      {when.every === "month" && (
        <TextInput
          label="On day"
          type="number"
          hint="A day that a month lacks is its last"
          value={String(when.day)}
          onValue={(day) => set({ ...when, day: Number(day) })}
          error={errorAt(errors, "when.day")}
        />
      )}
      <TimeOfDay at={when.at} error={errorAt(errors, "when.at")} onAt={(at) => set({ ...when, at })} />
    </div>
  );
}

export function WhenFields(props: WhenProps) {
  const { draft, errors, change } = props;
  const ruled = errorAt(errors, "when.ruleIds");
  return (
    <fieldset class="alert-condition">
      <legend>When</legend>
      <div class="form-grid">
        <SelectInput
          label="It goes out"
          value={draft.when.every}
          options={everyKinds}
          text={(every) => EVERY[every]}
          onValue={(every) => change({ when: whenOf(every, draft.when) })}
        />
        <Field label="Time zone" error={errorAt(errors, "timeZone")}>
          {({ id }) => <TimeZoneInput id={id} value={draft.timeZone} onChange={(timeZone) => change({ timeZone })} />}
        </Field>
      </div>
      <KindFields {...props} />
      {ruled && <p class="field-error">{ruled}</p>}
      <NextMoments draft={draft} />
    </fieldset>
  );
}
