// The words for how good a site's data is: what a score is made of, what is found wrong, what is kept of a day.

export const ASPECTS = {
  validity: "values fit the plan, the rules and their columns",
  completeness: "what is needed is there, and no hours are missing",
  uniqueness: "nothing is counted twice",
  timeliness: "events come soon after they happen",
  consistency: "counts of the same thing agree",
} as const;

export type Aspect = keyof typeof ASPECTS;

/** Of 100; below it completeness is not what it should be. */
export const COMPLETENESS_OBJECTIVE = 95;

export interface ScoreReason {
  aspect: Aspect;
  /** Points of its aspect that it cost. */
  cost: number;
  reason: string;
}

export interface QualityScore {
  /** Null where nothing was looked at. */
  total: number | null;
  aspects: Record<Aspect, number | null>;
  /** The dearest first; what cost nothing is left out. */
  reasons: ScoreReason[];
}

/** What a finding says is wrong, for people, and what can be done about it. */
export const FAULTS = {
  volume_drop: {
    label: "Fewer events than usual",
    remedy: "See which pages and sources fell, and whether the snippet is on all pages.",
  },
  gap: {
    label: "Hours without events",
    remedy: "See what was released then, and whether the site itself was reachable.",
  },
  type_drift: {
    label: "Property of another type",
    remedy: "Find the release that changed it, or plan the property and refuse other types.",
  },
  duplicates: {
    label: "Events sent twice",
    remedy: "Look for a snippet that is on the page twice; give events ids to have repeats refused.",
  },
  counts_differ: {
    label: "Counts that disagree",
    remedy: "Roll-ups are made again by themselves within hours. Tell who runs the deployment if it stays.",
  },
  points_differ: {
    label: "Analytics Engine disagrees",
    remedy: "Estimated answers are wrong by as much; see whether the dataset is bound. Exact answers are not touched.",
  },
  missing_hour: {
    label: "Hour missing in the roll-ups",
    remedy: "It is made again by itself within hours. Tell who runs the deployment if it stays.",
  },
  rollup_differs: {
    label: "Roll-up that is wrong",
    remedy: "It is made again by itself within hours. Tell who runs the deployment if it comes back.",
  },
  late_shard: {
    label: "Shard that is late",
    remedy: "Answers stay right, but take longer. Tell who runs the deployment if it stays.",
  },
  too_many_values: {
    label: "Property with very many values",
    remedy: "Look for an id or a time in it; send that as a property of its own.",
  },
  late_events: {
    label: "Events that come late",
    remedy: "Look for senders that hold events back, or whose clocks are wrong.",
  },
  wrong_values: {
    label: "Values that look wrong",
    remedy: "Look at the property's values; plan what is allowed, or make it a rule.",
  },
  rule_broken: { label: "Rule that was broken", remedy: "See what is sent, or change the rule if it asks too much." },
  incomplete: { label: "Completeness below the objective", remedy: "See below what is missing: hours, or values." },
} as const satisfies Record<string, { label: string; remedy: string }>;

export type QualityFault = keyof typeof FAULTS;

export interface QualityFinding {
  fault: QualityFault;
  /** What it is about: a site's events, a property, a shard, a pair of counts, a rule. */
  subject: string;
  /** The time it covers, milliseconds UTC, the end left out. */
  from: number;
  to: number;
  expected: number;
  found: number;
  /** For a reader, with the figures; without anybody's values. */
  reason: string;
}

export interface KeptFinding extends QualityFinding {
  firstSeen: number;
  lastSeen: number;
  /** When a look did not find it any more; null while it is there. */
  resolvedAt: number | null;
}

export interface RuleVerdict {
  /** The rule's name. */
  rule: string;
  kept: boolean;
  /** Events or values looked at, and those of them that break the rule. */
  checked: number;
  broken: number;
  reason: string;
}

/** What the next days are compared with: of an event, or with `rules` of the site. */
export interface DayFacts {
  events: number;
  late: number;
  repeated: number;
  /** Events by the type of a property's value, and how many values it has. */
  properties: Record<string, { types: Record<string, number>; distinct: number; events: number }>;
  /** By the rule's id. */
  rules?: Record<string, RuleVerdict>;
  /** Share of the day's visitors whose events were looked at one by one, and how many those were. */
  sample?: { share: number; events: number };
}

export interface QualityDay {
  day: string;
  /** Empty for the whole site. */
  event: string;
  score: QualityScore;
  facts: DayFacts;
}
