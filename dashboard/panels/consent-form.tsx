// Whom the site asks for consent, where, and what happens until they answer.
import { useState } from "preact/hooks";
import { ALLOWANCES, PURPOSES, type Purpose, type SiteConsent } from "../../workers/domain/consent.ts";
import type { FieldError } from "../../workers/domain/errors.ts";
import type { Site } from "../../workers/domain/site.ts";
import { changeSite } from "../state/sites.ts";
import { errorAt, Field, Switch, TextInput } from "../ui/field.tsx";
import { SavedForm } from "../ui/saved-form.tsx";

const MODES = { cookieless: "Nobody is asked", ask: "Visitors are asked" } as const;
const BEFORE = { cookieless: "They are counted, without identity", nothing: "They are not counted" } as const;
const REGIONS = {
  default: "In the EEA, the United Kingdom and Switzerland",
  everywhere: "Everywhere",
  named: "In countries that I name",
} as const;
type Region = keyof typeof REGIONS;

const regionOf = ({ regions }: SiteConsent): Region => (typeof regions === "string" ? regions : "named");
const codesIn = (text: string): string[] => text.toUpperCase().match(/\w+/g) ?? [];
const capital = (word: string): string => word[0]?.toUpperCase() + word.slice(1);

interface SelectProps<Id extends string> {
  label: string;
  hint?: string;
  error?: string | undefined;
  options: Readonly<Record<Id, string>>;
  chosen: Id;
  onChoose: (id: Id) => void;
}

function Select<Id extends string>({ label, hint, error, options, chosen, onChoose }: SelectProps<Id>) {
  const ids = Object.keys(options) as Id[]; // its own keys
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <select
          {...attributes}
          class="input"
          value={chosen}
          onChange={(event) => {
            const found = ids.find((id) => id === event.currentTarget.value);
            if (found) onChoose(found);
          }}
        >
          {ids.map((id) => (
            <option key={id} value={id}>
              {options[id]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface AskingProps {
  draft: SiteConsent;
  change: (part: Partial<SiteConsent>) => void;
  errors: readonly FieldError[];
}

/** What only matters where somebody is asked. */
function Asking({ draft, change, errors }: AskingProps) {
  const { regions } = draft;
  // As typed: the codes alone would take away the space before the next.
  const [countries, setCountries] = useState(typeof regions === "string" ? "" : regions.join(" "));
  const toggle = (purpose: Purpose, isAsked: boolean) =>
    change({ purposes: PURPOSES.filter((one) => (one === purpose ? isAsked : draft.purposes.includes(one))) });
  return (
    <>
      <Select
        label="Where"
        options={REGIONS}
        chosen={regionOf(draft)}
        onChoose={(id) => change({ regions: id === "named" ? codesIn(countries) : id })}
        hint="A place that is not known counts as one that asks."
      />
      {typeof regions !== "string" && (
        <TextInput
          label="Countries"
          mono
          required
          value={countries}
          onValue={(text) => {
            setCountries(text);
            change({ regions: codesIn(text) });
          }}
          error={errorAt(errors, "consent.regions")}
          hint="Codes of two letters, such as DE FR BR."
        />
      )}
      <Select
        label="Until they answer"
        options={BEFORE}
        chosen={draft.before}
        onChoose={(before) => change({ before })}
      />
      {PURPOSES.map((purpose) => (
        <Switch
          key={purpose}
          label={`Ask for ${purpose}`}
          hint={`${capital(ALLOWANCES[purpose].allows)}.`}
          checked={draft.purposes.includes(purpose)}
          onChange={(isAsked) => toggle(purpose, isAsked)}
        />
      ))}
    </>
  );
}

export function ConsentForm({ site }: { site: Site }) {
  const [draft, setDraft] = useState(site.consent);
  const change = (part: Partial<SiteConsent>) => setDraft({ ...draft, ...part });
  return (
    <SavedForm
      title="Consent"
      action="Save"
      done="Saved"
      onSubmit={() => changeSite(site.id, { consent: draft })}
      fields={(failure) => (
        <>
          <Select
            label="Visitors"
            options={MODES}
            chosen={draft.mode}
            onChoose={(mode) => change({ mode })}
            hint="Asked or not, nobody is recognised on another day without having said yes. To ask, put the snippet of Settings on your pages anew: it then has a banner."
          />
          {draft.mode === "ask" && <Asking draft={draft} change={change} errors={failure?.errors ?? []} />}
        </>
      )}
    />
  );
}
