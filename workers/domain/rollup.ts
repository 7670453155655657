// Roll-up rows: finished counts of one panel and local hour, day or month. A long list goes on in rows of its own.

export type RolledGrain = "hour" | "day" | "month";

export interface RollupRow {
  grain: RolledGrain;
  /** UTC start of the local hour, day or month, milliseconds. */
  bucket: number;
  /** `event:page`; what does not fit goes on in `event:page#1`, `event:page#2` and so on. */
  panel: string;
  /** Rises with every re-roll; a lower one is refused. */
  version: number;
  body: string;
}

export interface StoredRollup extends RollupRow {
  shard: number;
}

/** Buckets of one grain that begin in [from, to), of some panels. */
export interface RollupRead {
  grain: RolledGrain;
  from: number;
  to: number;
  panels: readonly string[];
}

const PART = "#";

/** The rows of a panel of which each body is one; the first has the panel's own name. */
export function partsOf(row: Omit<RollupRow, "body">, bodies: readonly string[]): RollupRow[] {
  return bodies.map((body, part) => ({ ...row, panel: part === 0 ? row.panel : `${row.panel}${PART}${part}`, body }));
}

/** Bodies by grain, bucket and panel, of all shards; parts of an older, longer list are left out. */
export function bodiesByBucket(
  rows: readonly StoredRollup[],
): (grain: RolledGrain, bucket: number, panel: string) => string[] {
  const keyOf = (grain: RolledGrain, bucket: number, panel: string) => `${grain} ${bucket} ${panel}`;
  const versionKey = ({ shard, grain, bucket }: StoredRollup, panel: string) =>
    `${shard} ${keyOf(grain, bucket, panel)}`;
  const versions = new Map<string, number>();
  for (const row of rows) if (!row.panel.includes(PART)) versions.set(versionKey(row, row.panel), row.version);
  const bodies = new Map<string, string[]>();
  for (const row of rows) {
    const panel = row.panel.split(PART)[0]!;
    if (versions.get(versionKey(row, panel)) !== row.version) continue;
    const key = keyOf(row.grain, row.bucket, panel);
    const list = bodies.get(key);
    if (list) list.push(row.body);
    else bodies.set(key, [row.body]);
  }
  return (grain, bucket, panel) => bodies.get(keyOf(grain, bucket, panel)) ?? [];
}

/** A panel's stored roll-up that says something else than the events: of the measure that is furthest off. */
export interface PanelDifference {
  panel: string;
  /** As in a sentence: `visitors`, `returning visitors`. */
  measure: string;
  /** Of all rows together; null where there is no roll-up at all. */
  stored: number | null;
  right: number;
  /** Rows that are wrong, missing or too many, and those that there should be. */
  differing: number;
  rows: number;
}

/** The panels of one bucket that differ. */
export interface RollDifference {
  grain: RolledGrain;
  /** Milliseconds UTC, the end left out. */
  start: number;
  end: number;
  panels: PanelDifference[];
}

/** What erased persons had brought to one bucket; `body` is for the next shard alone. */
export interface ErasedRoll {
  grain: RolledGrain;
  bucket: number;
  timeZone: string;
  body: string;
}

export interface ErasedPart {
  rolls: ErasedRoll[];
  /** Where to go on; null when that was all. */
  next: number | null;
}
