// The dimensions that a reader can filter by; their names come from the catalogue.
import { dimensionOf, type dimensions } from "../../workers/catalog/dimensions/index.ts";

export const FILTERABLE = [
  "event:page",
  "visit:entry_page",
  "visit:exit_page",
  "event:hostname",
  "visit:source",
  "visit:channel",
  "visit:referrer",
  "visit:utm_source",
  "visit:utm_medium",
  "visit:utm_campaign",
  "visit:utm_term",
  "visit:utm_content",
  "visit:country",
  "visit:region",
  "visit:city",
  "visit:device",
  "visit:browser",
  "visit:browser_version",
  "visit:os",
  "visit:os_version",
  "visit:language",
  "event:goal",
  "event:name",
] as const satisfies readonly (keyof typeof dimensions)[];

export function dimensionLabel(dimension: string): string {
  return dimensionOf(dimension)?.label ?? dimension;
}

/** What stands for the empty value of a dimension. */
export function emptyText(dimension: string): string {
  return dimensionOf(dimension)?.empty ?? "(none)";
}
