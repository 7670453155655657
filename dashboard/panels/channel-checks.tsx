// Which of the site's channels are told.
import type { ComponentChildren } from "preact";

interface ChecksProps {
  legend: string;
  options: readonly { id: string; label: string }[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** Where there is nothing to choose from. */
  none: ComponentChildren;
  error?: string | undefined;
}

export function ChannelChecks({ legend, options, chosen, onChange, none, error }: ChecksProps) {
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset class="access-scopes">
      <legend>{legend}</legend>
      {options.length === 0 && <span class="faint">{none}</span>}
      {options.map(({ id, label }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          {label}
        </label>
      ))}
      {error !== undefined && (
        <span class="field-error" role="alert">
          {error}
        </span>
      )}
    </fieldset>
  );
}
