// The dimensions that a reader can filter by; their names come from the catalogue.
import { dimensionOf, type dimensions } from "../../workers/catalog/dimensions/index.ts";
import { formatBucket } from "./format.ts";
import { GRAINS, type Grain } from "./periods.ts";
import { countryName } from "./places.ts";

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

/** A dimension's value as plain text; of time, a bucket in the reader's form. */
export function valueText(dimension: string, value: string): string {
  if (value === "") return emptyText(dimension);
  const grain = grainOfDimension(dimension);
  if (grain) return formatBucket(value, grain, "full");
  return dimension === "visit:country" ? countryName(value) : value;
}

/** `time` is by whatever grain suits. */
export const isTime = (dimension: string): boolean => dimension === "time" || dimension.startsWith("time:");

export const dimensionText = (dimension: string): string => (isTime(dimension) ? "Time" : dimensionLabel(dimension));

/** The grain of a time dimension that charts know. */
export function grainOfDimension(dimension: string | undefined): Grain | null {
  return GRAINS.find((grain) => dimension === `time:${grain}`) ?? null;
}
