// A site's own patterns of personal values: a name, the pattern, what becomes of it.
import type { OwnPattern, PiiSettings } from "../../workers/domain/pii-kind.ts";
import type { Failure } from "../state/api.ts";
import { errorAt, TextInput } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";

const BLANK: OwnPattern = { name: "", pattern: "", action: "mask" };
const ACTIONS = ["mask", "hash", "drop"] as const;

interface OwnPatternsProps {
  settings: PiiSettings;
  onChange: (settings: PiiSettings) => void;
  failure: Failure | null;
}

export function OwnPatterns({ settings, onChange, failure }: OwnPatternsProps) {
  const { patterns } = settings;
  const errors = failure?.errors ?? [];
  const change = (at: number, part: Partial<OwnPattern>) =>
    onChange({ ...settings, patterns: patterns.map((one, i) => (i === at ? { ...one, ...part } : one)) });
  return (
    <fieldset class="field">
      <legend class="label">Patterns of your own</legend>
      {patterns.map(({ name, pattern, action }, at) => (
        <div class="access-form" key={at}>
          <TextInput
            label="Name"
            required
            value={name}
            error={errorAt(errors, `pii.patterns.${at}.name`)}
            onValue={(value) => change(at, { name: value })}
          />
          <TextInput
            label="Pattern"
            required
            mono
            placeholder="KND-\d{6}"
            value={pattern}
            error={errorAt(errors, `pii.patterns.${at}.pattern`)}
            onValue={(value) => change(at, { pattern: value })}
          />
          <select
            class="input"
            aria-label={`What becomes of ${name || "it"}`}
            value={action}
            onChange={({ currentTarget: { value } }) =>
              change(at, { action: ACTIONS.find((one) => one === value) ?? "mask" })
            }
          >
            {ACTIONS.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
          <button
            type="button"
            class="icon-button"
            aria-label={`Remove the pattern ${name}`}
            onClick={() => onChange({ ...settings, patterns: patterns.filter((_, i) => i !== at) })}
          >
            <Icon name="trash" />
          </button>
        </div>
      ))}
      <div>
        <button type="button" class="button" onClick={() => onChange({ ...settings, patterns: [...patterns, BLANK] })}>
          <Icon name="plus" />
          Add a pattern
        </button>
      </div>
    </fieldset>
  );
}
