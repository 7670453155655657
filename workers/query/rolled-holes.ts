// Rows that are not there although another panel tells of the same bucket: whoever rolls up writes all panels or none. Such
// a bucket is asked of the shards, and not taken for empty. Pure.
import { TOTALS } from "../catalog/standard-panels.ts";
import type { RolledGrain, RollupRead, StoredRollup } from "../domain/rollup.ts";
import { holeOf, type RolledPlan, readsOf } from "./rolled.ts";

/** Small in every bucket, and not of the same panel. */
const BESIDE_TOTALS = "event:name";
const besides = (panel: string): string => (panel === TOTALS ? BESIDE_TOTALS : TOTALS);

type Shards = (grain: RolledGrain, bucket: number, panel: string) => ReadonlySet<number>;

/** Which shards have a row. */
export function shardsIn(rows: readonly StoredRollup[]): Shards {
  const found = Map.groupBy(rows, ({ grain, bucket, panel }) => `${holeOf(grain, bucket)} ${panel}`);
  return (grain, bucket, panel) =>
    new Set(found.get(`${holeOf(grain, bucket)} ${panel}`)?.map(({ shard }) => shard) ?? []);
}

type Wanted = Parameters<typeof readsOf>[1];

/** What to read beside, of each plan; `isShort`: whether not all shards have a row of what was read. */
export function besideReads(plans: readonly RolledPlan[], isShort: Wanted): RollupRead[] {
  return plans.flatMap((plan) =>
    readsOf([{ ...plan, panel: besides(plan.panel) }], (grain, bucket) => isShort(grain, bucket, plan.panel)),
  );
}

/** Of which buckets a shard tells in the panel beside and not in the plan's own. */
export function holesIn(plans: readonly RolledPlan[], isShort: Wanted, has: { own: Shards; beside: Shards }) {
  const holes = new Set<string>();
  for (const { panel, runs } of plans) {
    for (const { grain, start, request } of runs.flatMap(({ parts }) => parts)) {
      if (request !== null || !isShort(grain, start, panel)) continue;
      const own = has.own(grain, start, panel);
      if ([...has.beside(grain, start, besides(panel))].some((shard) => !own.has(shard)))
        holes.add(holeOf(grain, start));
    }
  }
  return holes;
}
