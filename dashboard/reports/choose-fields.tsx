// What a section names: metrics, and things that the site keeps.
import { useEffect, useState } from "preact/hooks";
import { MetricMenu } from "../panels/choose-menus.tsx";
import { useMetricText } from "../state/metric-texts.ts";
import { Chosen } from "../ui/chosen.tsx";
import { Field } from "../ui/field.tsx";

export interface Named {
  id: string;
  name: string;
}

/** Null while they are asked for. */
export function useNamed(key: string, ask: () => Promise<readonly Named[] | null>): readonly Named[] | null {
  const [items, setItems] = useState<readonly Named[] | null>(null);
  useEffect(() => void ask().then((found) => setItems(found ?? [])), [key]);
  return items;
}

interface MetricsProps {
  siteId: string;
  metrics: readonly string[];
  least: number;
  most: number;
  error: string | undefined;
  onMetrics: (metrics: string[]) => void;
}

export function Metrics({ siteId, metrics, least, most, error, onMetrics }: MetricsProps) {
  const textOf = useMetricText(siteId);
  return (
    <>
      <div class="builder-line">
        {metrics.map((name) => (
          <Chosen
            key={name}
            label={textOf(name).label}
            onRemove={metrics.length > least ? () => onMetrics(metrics.filter((one) => one !== name)) : undefined}
          />
        ))}
        {metrics.length < most && (
          <MetricMenu siteId={siteId} without={metrics} onChoose={(name) => onMetrics([...metrics, name])} />
        )}
      </div>
      {error && <p class="field-error">{error}</p>}
    </>
  );
}

interface ChecksProps {
  legend: string;
  all: readonly Named[];
  chosen: readonly string[];
  onChosen: (ids: string[]) => void;
}

export function Checks({ legend, all, chosen, onChosen }: ChecksProps) {
  if (all.length === 0) return null;
  const toggle = (id: string) => onChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset class="access-scopes">
      <legend>{legend}</legend>
      {all.map(({ id, name }) => (
        <label key={id}>
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

interface OneOfProps {
  label: string;
  all: readonly Named[] | null;
  chosen: string;
  error: string | undefined;
  /** Where there is none. */
  none: { text: string; href: string };
  onChosen: (id: string) => void;
}

export function OneOf({ label, all, chosen, error, none, onChosen }: OneOfProps) {
  if (all?.length === 0) {
    return (
      <p>
        <a href={none.href}>{none.text}</a>
      </p>
    );
  }
  const known = all ?? [];
  const isGone = all !== null && chosen !== "" && !known.some(({ id }) => id === chosen);
  return (
    <Field label={label} error={error ?? (isGone ? "It was removed; choose another." : undefined)}>
      {(attributes) => (
        <select {...attributes} class="input" value={chosen} onChange={(event) => onChosen(event.currentTarget.value)}>
          <option value="">Choose</option>
          {isGone && <option value={chosen}>A removed one</option>}
          {known.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
