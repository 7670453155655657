// What a breakdown panel is: tabs over dimensions. A new panel is one file that exports one of these and a line in index.ts.

export interface PanelTab {
  id: string;
  label: string;
  dimension: string;
  /** A finer dimension to show instead, once the reader has filtered by this one. */
  finer?: string;
  /** Further dimensions behind the same tab, chosen from a list. */
  variants?: readonly { id: string; label: string; dimension: string }[];
}

export interface PanelDefinition {
  /** Names the panel in the address. */
  id: string;
  title: string;
  tabs: readonly [PanelTab, ...PanelTab[]];
  /** Shown when there is nothing: what would make it appear. */
  empty: string;
}
