// Rules to begin with: for every site, and those of packs.
import type { AlertTemplate } from "../domain/alert.ts";
import { packs } from "./packs/index.ts";

const EVERY_SITE: readonly AlertTemplate[] = [
  { name: "Nothing comes in", severity: "critical", conditions: [{ kind: "absence", metric: "events", minutes: 30 }] },
  {
    name: "Half as many as last week",
    conditions: [{ kind: "change", metric: "pageviews", against: "week", by: "less" }],
  },
  { name: "Visitors out of the ordinary", conditions: [{ kind: "anomaly", metric: "visitors" }] },
  {
    name: "A country falls away",
    conditions: [{ kind: "anomaly", metric: "visitors", by: "less" }],
    split: { dimension: "visit:country" },
  },
  {
    name: "Events of the month",
    conditions: [{ kind: "budget", metric: "events", limit: 1_000_000, by: "projected" }],
  },
  {
    name: "Data quality below 80",
    conditions: [{ kind: "threshold", metric: "quality:score", minutes: 60, is: "below", value: 80 }],
  },
];

export interface GroupedTemplates {
  /** The pack's label. */
  label: string;
  rules: readonly AlertTemplate[];
}

export const alertTemplates: readonly GroupedTemplates[] = [
  { label: "Every site", rules: EVERY_SITE },
  ...Object.values(packs).map(({ label, alerts }) => ({ label, rules: alerts })),
];
