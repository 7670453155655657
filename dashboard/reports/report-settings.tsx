// What holds for the whole report: its name, its period, which events it looks at, how it is branded and who sees it.
import { useState } from "preact/hooks";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { NewReport } from "../../workers/domain/report.ts";
import type { Site } from "../../workers/domain/site.ts";
import { FilterList } from "../panels/filter-list.tsx";
import { addDays, localDay } from "../state/days.ts";
import {
  COMPARED,
  type Compared,
  compareBy,
  comparedOf,
  isReportPeriod,
  periodText,
  REPORT_PERIODS,
  type ReportPeriod,
} from "../state/report-draft.ts";
import { errorAt, Field, TextInput } from "../ui/field.tsx";
import { SelectInput } from "../ui/select-input.tsx";

interface SettingsProps {
  site: Site;
  draft: NewReport;
  change: (part: Partial<NewReport>) => void;
  errors: readonly FieldError[];
}

type Range = NewReport["period"];

const DAYS = "days";
/** What the form has no words for stays as it is. */
const OTHER = "other";

interface PeriodSelectProps {
  site: Site;
  label: string;
  period: Range;
  error: string | undefined;
  onPeriod: (period: Range) => void;
}

export function PeriodSelect({ site, label, period, error, onPeriod }: PeriodSelectProps) {
  const days = Array.isArray(period) ? period : null;
  const chosen = days ? DAYS : isReportPeriod(period) ? period : OTHER;
  const today = localDay(Date.now(), site.timeZone);
  const names = Object.keys(REPORT_PERIODS) as ReportPeriod[]; // exactly these
  const choose = (name: string) => {
    if (name === DAYS) onPeriod([addDays(today, -6), today]);
    else if (isReportPeriod(name)) onPeriod(name);
  };
  return (
    <>
      <Field label={label} error={error}>
        {(attributes) => (
          <select {...attributes} class="input" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
            {names.map((name) => (
              <option key={name} value={name}>
                {REPORT_PERIODS[name]}
              </option>
            ))}
            {chosen === OTHER && <option value={OTHER}>{periodText(period)}</option>}
            <option value={DAYS}>Days of the calendar</option>
          </select>
        )}
      </Field>
      {days && (
        <div class="form-grid">
          <TextInput
            label="From"
            type="date"
            required
            value={days[0].slice(0, 10)}
            onValue={(from) => onPeriod([from, days[1]])}
          />
          <TextInput
            label="To"
            type="date"
            required
            value={days[1].slice(0, 10)}
            onValue={(to) => onPeriod([days[0], to])}
          />
        </div>
      )}
    </>
  );
}

const OWN_DAYS = "own";

function CompareSelect({ draft, change }: Pick<SettingsProps, "draft" | "change">) {
  const compared = comparedOf(draft.compare);
  const names = Object.keys(COMPARED) as Compared[]; // exactly these
  return (
    <SelectInput
      label="Compared with"
      value={compared ?? OWN_DAYS}
      options={compared === null ? [OWN_DAYS, ...names] : names}
      text={(name) => (name === OWN_DAYS ? "Days of the calendar" : COMPARED[name as Compared])} // the only other
      onValue={(name) => name !== OWN_DAYS && change({ compare: compareBy(name as Compared) })}
    />
  );
}

/** Bytes of a picture that, written as text, the API takes. */
const MOST_LOGO_BYTES = 74_000;
const LOGO_TYPES = ["image/png", "image/jpeg"];

function readPicture(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

function Logo({ draft, change, errors }: Pick<SettingsProps, "draft" | "change" | "errors">) {
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const { brand } = draft;
  const take = async (file: File | undefined) => {
    if (!file) return;
    if (!LOGO_TYPES.includes(file.type)) return setWrong("Use a PNG or a JPEG.");
    if (file.size > MOST_LOGO_BYTES) return setWrong("Use a smaller picture, 74 KB or less.");
    setWrong(undefined);
    change({ brand: { ...brand, logo: await readPicture(file) } });
  };
  return (
    <Field label="Logo" hint="PNG or JPEG, 74 KB or less" error={wrong ?? errorAt(errors, "brand.logo")}>
      {(attributes) => (
        <div class="report-logo">
          {brand.logo && <img src={brand.logo} alt="Logo of the report" />}
          <input
            {...attributes}
            type="file"
            accept={LOGO_TYPES.join(",")}
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
          {brand.logo && (
            <button type="button" class="button small" onClick={() => change({ brand: { ...brand, logo: null } })}>
              Without a logo
            </button>
          )}
        </div>
      )}
    </Field>
  );
}

function Brand({ draft, change, errors }: Pick<SettingsProps, "draft" | "change" | "errors">) {
  return (
    <>
      <Field label="Colour" error={errorAt(errors, "brand.colour")}>
        {(attributes) => (
          <input
            {...attributes}
            class="input report-colour"
            type="color"
            value={draft.brand.colour}
            onInput={(event) => change({ brand: { ...draft.brand, colour: event.currentTarget.value } })}
          />
        )}
      </Field>
      <Logo draft={draft} change={change} errors={errors} />
    </>
  );
}

const VISIBILITY = { team: "Everybody who sees this site", private: "Only whoever made it" } as const;

export function ReportSettings({ site, draft, change, errors }: SettingsProps) {
  return (
    <>
      <TextInput
        label="Name"
        required
        value={draft.name}
        onValue={(name) => change({ name })}
        error={errorAt(errors, "name")}
      />
      <TextInput
        label="What it is for"
        value={draft.about}
        onValue={(about) => change({ about })}
        error={errorAt(errors, "about")}
      />
      <div class="form-grid">
        <PeriodSelect
          site={site}
          label="Period"
          period={draft.period}
          error={errorAt(errors, "period")}
          onPeriod={(period) => change({ period })}
        />
        <CompareSelect draft={draft} change={change} />
      </div>
      <details class="more">
        <summary>Only some events</summary>
        <FilterList
          siteId={site.id}
          label="Filters of the report"
          filters={draft.filters}
          onFilters={(filters) => change({ filters })}
        />
        {errorAt(errors, "filters") && <p class="field-error">{errorAt(errors, "filters")}</p>}
      </details>
      <details class="more">
        <summary>Colour and logo</summary>
        <Brand draft={draft} change={change} errors={errors} />
      </details>
      <SelectInput
        label="Who sees it"
        value={draft.visibility}
        options={["team", "private"] as const}
        text={(one) => VISIBILITY[one]}
        onValue={(visibility) => change({ visibility })}
      />
      {errorAt(errors, "visibility") && <p class="field-error">{errorAt(errors, "visibility")}</p>}
    </>
  );
}
