// Two counts of the same days side by side, and why they differ.
import type { HistoryTool } from "./history.ts";

export const COMPARED = ["visitors", "visits", "pageviews"] as const;
export type Compared = (typeof COMPARED)[number];

/** Null where a side does not tell it. */
export type ComparedCounts = Record<Compared, number | null>;

export interface ComparedRow {
  /** A day, a page or a source; empty in the totals. */
  value: string;
  theirs: ComparedCounts;
  ours: ComparedCounts;
}

export interface ComparedList {
  /** The largest differences in page views, or of visits, first. */
  rows: ComparedRow[];
  /** All there are. */
  total: number;
}

/** Why one count is higher than the other, by what can be seen here. */
export const CAUSES = {
  time_zone: "Days begin at another hour",
  only_theirs: "Days on which nothing was counted here",
  only_ours: "Days that the export does not have",
  excluded_pages: "Pages that this site leaves out",
  unknown_pages: "Pages that only they count",
  own_pages: "Pages that are only counted here",
  bots: "Bots filtered here",
  hostnames: "Hosts that are not of this site",
  left_out: "Pages left out on arrival",
  consent: "No consent, or Do Not Track",
  refused: "Events that could not be taken",
  visit_definition: "What counts as one visit",
  visitor_definition: "What counts as one visitor",
} as const;
export type CauseName = keyof typeof CAUSES;

export interface Cause {
  cause: CauseName;
  /** What it adds to theirs; below zero, to ours. */
  amount: number;
  /** Of the difference, percent; null where both counts are equal. */
  share: number | null;
  /** It explains that much at most: the trace that it left does not say how much of it the other side counted. */
  atMost: boolean;
  evidence: string;
}

export interface Explanation {
  measure: Compared;
  theirs: number | null;
  ours: number;
  /** Theirs less ours; null where they do not tell it. */
  difference: number | null;
  causes: Cause[];
  /** What is left of the difference without any trace here. */
  unexplained: number | null;
}

export interface Reconciliation {
  history: { id: string; tool: HistoryTool; name: string };
  /** First and last day. */
  from: string;
  to: string;
  /** In which the days of the other tool begin. */
  timeZone: string;
  totals: ComparedRow;
  explained: Explanation[];
  days: ComparedRow[];
  /** Null where the export does not tell of them. */
  pages: ComparedList | null;
  sources: ComparedList | null;
  /** What leaves no trace here, and so cannot be told from the rest. */
  untraceable: string[];
}
