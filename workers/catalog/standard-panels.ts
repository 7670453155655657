// The panels that roll-ups keep for ever: totals, one breakdown for each of these dimensions, and the pages that were viewed.

import { PAGEVIEW } from "../domain/event.ts";
import type { Filter } from "../domain/query.ts";

const ROLLED_DIMENSIONS = [
  "event:page",
  "event:name",
  "event:hostname",
  "visit:entry_page",
  "visit:exit_page",
  "visit:source",
  "visit:channel",
  "visit:referrer",
  "visit:utm_source",
  "visit:utm_medium",
  "visit:utm_campaign",
  "visit:country",
  "visit:region",
  "visit:city",
  "visit:browser",
  "visit:os",
  "visit:device",
] as const;

export interface StandardPanel {
  /** Key of its roll-up rows. */
  panel: string;
  dimension: string | null;
  /** Events that pass are counted, and no others. */
  filters: readonly Filter[];
}

/** The panel without a dimension. */
export const TOTALS = "totals";

/** By page, what its views alone count: `event:page` counts all events there. Of goals that are views of a page. */
export const VIEWED_PAGES: StandardPanel = {
  panel: "viewed_page",
  dimension: "event:page",
  filters: [["is", "event:name", [PAGEVIEW]]],
};

/** The panels that tell of all events. */
export const UNFILTERED_PANELS: readonly StandardPanel[] = [
  { panel: TOTALS, dimension: null, filters: [] },
  ...ROLLED_DIMENSIONS.map((dimension) => ({ panel: dimension, dimension, filters: [] })),
];

export const STANDARD_PANELS: readonly StandardPanel[] = [...UNFILTERED_PANELS, VIEWED_PAGES];
