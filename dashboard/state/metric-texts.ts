// What metrics are called: those of the catalogue at once, those of packs and of the site when they have come.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { metrics } from "../../workers/catalog/metrics/index.ts";
import { request, whenQuiet } from "./api.ts";
import type { MetricText } from "./metrics.ts";

export interface NamedMetric extends MetricText {
  name: string;
  formula?: string;
  needs?: readonly string[];
}

const BUILT_IN: readonly NamedMetric[] = Object.entries(metrics).map(([name, metric]) => ({ name, ...metric }));

/** By site, and under "" those of packs. */
const loaded = signal<Readonly<Record<string, readonly NamedMetric[]>>>({});
const asked = new Set<string>();

async function load(key: string, path: string): Promise<void> {
  if (asked.has(key)) return;
  asked.add(key);
  const reply = await request<{ metrics: NamedMetric[] }>(path);
  if (reply.ok) loaded.value = { ...loaded.value, [key]: reply.value.metrics };
  else asked.delete(key);
}

/** All that can be asked of the site, by name; a site's own come last. */
export function useMetrics(siteId: string): readonly NamedMetric[] {
  useEffect(() => {
    // Large, and of what packs alone add.
    void whenQuiet().then(() => load("", "/api/v1/catalog"));
    void load(siteId, `/api/v1/sites/${encodeURIComponent(siteId)}/metrics`);
  }, [siteId]);
  const all = [...BUILT_IN, ...(loaded.value[""] ?? []), ...(loaded.value[siteId] ?? [])];
  return [...new Map(all.map((metric) => [metric.name, metric])).values()];
}

/** What stands for a metric until its name is known. */
const unnamed = (name: string): MetricText => ({ label: name, about: "", unit: "count", better: "neither" });

export function useMetricText(siteId: string): (name: string) => MetricText {
  const all = useMetrics(siteId);
  return (name) => {
    const [plain] = name.split("@");
    return all.find((metric) => metric.name === name) ?? all.find((metric) => metric.name === plain) ?? unnamed(name);
  };
}
