// The panels that roll-ups keep for ever: totals, and one breakdown for each of these dimensions.

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
}

/** The panel without a dimension. */
export const TOTALS = "totals";

export const STANDARD_PANELS: readonly StandardPanel[] = [
  { panel: TOTALS, dimension: null },
  ...ROLLED_DIMENSIONS.map((dimension) => ({ panel: dimension, dimension })),
];
