// Measured values as they leave the deployment, for Prometheus, OpenTelemetry and the like.

/** As in the catalogue, and what systems are measured in. */
export type SampleUnit = "count" | "ratio" | "percent" | "seconds" | "milliseconds" | "bytes" | "dollars" | "money";

export interface MetricSample {
  /** Small letters, digits and underscores; of a counter without `_total`. */
  name: string;
  /** One sentence. */
  about: string;
  unit: SampleUnit;
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Of a counter: since when it counts, milliseconds; then it begins anew. Null of a gauge, which says how it is now. */
  since: number | null;
}

/** A counter, with what was added since it was last sent. */
export interface SentSample extends MetricSample {
  /** Null of a gauge, and where nothing is known to compare with. `from`: milliseconds. */
  added: { value: number; from: number } | null;
}

/** What was last sent of each counter: its value and since when it counted. */
export type SentCounters = Record<string, readonly [value: number, since: number]>;

const NAME = /[^a-z0-9_]+/g;

/** `Signups (new)` → `signups_new_`. */
export const sampleName = (text: string): string => text.toLowerCase().replace(NAME, "_");

const keyOf = ({ name, labels }: MetricSample): string => `${name} ${JSON.stringify(labels)}`;

export function countersOf(samples: readonly MetricSample[]): SentCounters {
  const counters = samples.filter(({ since }) => since !== null);
  return Object.fromEntries(counters.map((one) => [keyOf(one), [one.value, one.since!] as const]));
}

/** `before` was sent at `sentAt`, milliseconds. A counter that fell was corrected: nothing was added. */
export function withAdded(
  samples: readonly MetricSample[],
  { before, sentAt }: { before: SentCounters; sentAt: number },
): SentSample[] {
  return samples.map((sample) => {
    const { value, since } = sample;
    const last = before[keyOf(sample)];
    if (since === null || !last) return { ...sample, added: null };
    const isSame = last[1] === since;
    const more = isSame ? value - last[0] : value;
    return { ...sample, added: more < 0 ? null : { value: more, from: sentAt } };
  });
}
