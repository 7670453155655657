// Samples as a page that Prometheus reads, in its own text format or in OpenMetrics, which follows it.
import type { MetricSample } from "../domain/metric-sample.ts";

export const EXPOSITION_TYPES = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
} as const;

export type ExpositionFormat = keyof typeof EXPOSITION_TYPES;

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '\\"')}"`;

function labelsOf(labels: MetricSample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${quoted(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** Without times: a scrape is stamped by who scrapes. */
function familyOf(samples: readonly MetricSample[], format: ExpositionFormat): string[] {
  const { name, about, since } = samples[0]!;
  const isOpen = format === "openmetrics";
  const full = since === null ? name : `${name}_total`;
  // The text format names a counter as its samples are, OpenMetrics its family.
  const family = isOpen ? name : full;
  const help = isOpen ? quoted(about).slice(1, -1) : escaped(about);
  return [
    `# HELP ${family} ${help}`,
    `# TYPE ${family} ${since === null ? "gauge" : "counter"}`,
    ...samples.flatMap((sample) => {
      const labels = labelsOf(sample.labels);
      const line = `${full}${labels} ${sample.value}`;
      return isOpen && sample.since !== null ? [line, `${name}_created${labels} ${sample.since / 1000}`] : [line];
    }),
  ];
}

/** Families in the order of their first sample. Values are finite. */
export function exposition(samples: readonly MetricSample[], format: ExpositionFormat): string {
  const families = Map.groupBy(samples, ({ name }) => name);
  const lines = [...families.values()].flatMap((family) => familyOf(family, format));
  return [...lines, ...(format === "openmetrics" ? ["# EOF"] : []), ""].join("\n");
}
