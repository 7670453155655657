// Rows that are not there although another panel tells of the same bucket: whoever rolls up writes all panels or none, those
// without a row too. Such a panel's bucket is asked of the shards, and not taken for empty. Pure.
import { TOTALS } from "../catalog/standard-panels.ts";
import type { RolledGrain, RollupRead, StoredRollup } from "../domain/rollup.ts";
import { holeOf, type RolledPlan, readsOf } from "./rolled.ts";

/** Small in every bucket, and not of the same panel. */
const BESIDE_TOTALS = "event:name";
const besides = (panel: string): string => (panel === TOTALS ? BESIDE_TOTALS : TOTALS);

/** Of which shards there is a row: of a panel, or of any. */
export interface ShardsOf {
  panel(grain: RolledGrain, bucket: number, panel: string): ReadonlySet<number>;
  any(grain: RolledGrain, bucket: number): ReadonlySet<number>;
}

const NONE: ReadonlySet<number> = new Set();

export function shardsIn(rows: readonly StoredRollup[]): ShardsOf {
  const found = new Map<string, Set<number>>();
  const note = (key: string, shard: number) => {
    const own = found.get(key);
    if (own) own.add(shard);
    else found.set(key, new Set([shard]));
  };
  for (const { grain, bucket, panel, shard } of rows) {
    note(holeOf(grain, bucket, panel), shard);
    note(holeOf(grain, bucket, ""), shard);
  }
  return {
    panel: (grain, bucket, panel) => found.get(holeOf(grain, bucket, panel)) ?? NONE,
    any: (grain, bucket) => found.get(holeOf(grain, bucket, "")) ?? NONE,
  };
}

type Wanted = Parameters<typeof readsOf>[1];

/** Buckets of which more panels than one were read, which tell of one another. */
function toldTwice(plans: readonly RolledPlan[], wasRead: Wanted): (grain: RolledGrain, bucket: number) => boolean {
  const panels = new Map<string, Set<string>>();
  for (const { panel, runs } of plans) {
    for (const { grain, start, request } of runs.flatMap(({ parts }) => parts)) {
      if (request !== null || !wasRead(grain, start, panel)) continue;
      const key = holeOf(grain, start, "");
      panels.set(key, (panels.get(key) ?? new Set()).add(panel));
    }
  }
  return (grain, bucket) => (panels.get(holeOf(grain, bucket, ""))?.size ?? 0) > 1;
}

/** What to read beside, of each plan, where no other panel was read; `isShort`: whether not all shards have a row of what was. */
export function besideReads(plans: readonly RolledPlan[], wasRead: Wanted, isShort: Wanted): RollupRead[] {
  const isTold = toldTwice(plans, wasRead);
  return plans.flatMap((plan) =>
    readsOf(
      [{ ...plan, panel: besides(plan.panel) }],
      (grain, bucket) => isShort(grain, bucket, plan.panel) && !isTold(grain, bucket),
    ),
  );
}

/** Of which panels' buckets a shard has no row, and has one of another panel. */
export function holesIn(plans: readonly RolledPlan[], isShort: Wanted, { panel: own, any }: ShardsOf): Set<string> {
  const holes = new Set<string>();
  for (const { panel, runs } of plans) {
    for (const { grain, start, request } of runs.flatMap(({ parts }) => parts)) {
      if (request !== null || !isShort(grain, start, panel)) continue;
      const has = own(grain, start, panel);
      if ([...any(grain, start)].some((shard) => !has.has(shard))) holes.add(holeOf(grain, start, panel));
    }
  }
  return holes;
}
