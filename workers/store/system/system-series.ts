// The system's measures of itself over time, for alert rules.
import { billedSince, meterOf, type Plan } from "../../domain/bill.ts";
import { HOUR_MS, mergedCounts, mergedTotals, SLOT_MS, type Totals } from "../../domain/measures.ts";
import { mergedTally, quantileOf } from "../../domain/tally.ts";
import { type SystemName, WATCHED_METRICS } from "../../domain/watched-metrics.ts";
import type { WatchedSeries } from "../alert-ports.ts";
import { databaseBytes } from "./database-bytes.ts";
import { KEPT_MS, type MeasuredSpan, readSpans } from "./measure-rows.ts";

type Step = "slot" | "hour";
const STEPS: Readonly<Record<Step, number>> = { slot: SLOT_MS, hour: HOUR_MS };
/** Seasons are learned of so much; of slots a day is held against the day before it, an hour late at most. */
const BACK_MS: Readonly<Record<Step, number>> = { slot: 49 * HOUR_MS, hour: KEPT_MS };

type Measured = "system:error_rate" | "system:api_ms" | "system:ingest_lag_ms" | "system:queue_depth";

const figures: Readonly<Record<Measured, (span: Pick<MeasuredSpan, "totals" | "backlog">) => number | null>> = {
  "system:error_rate": ({ totals: { api, collect } }) => {
    const { count, failed } = mergedTally(api, collect);
    return count === 0 ? null : (failed / count) * 100;
  },
  "system:api_ms": ({ totals }) => quantileOf(totals.api, 0.95),
  "system:ingest_lag_ms": ({ totals }) => quantileOf(totals.lag, 0.95),
  "system:queue_depth": ({ backlog }) => backlog,
};

const isMeasured = (name: SystemName): name is Measured => Object.hasOwn(figures, name);

/** Where only the whole hour is known it stands for each of its slots. */
function bySteps(spans: readonly MeasuredSpan[], step: number) {
  const merged = new Map<number, Pick<MeasuredSpan, "totals" | "backlog">>();
  for (const { start, length, totals, backlog } of spans) {
    const first = start - (start % step);
    for (let at = first; at < start + length; at += step) {
      const known = merged.get(at);
      merged.set(at, {
        totals: known ? mergedTotals(known.totals, totals) : totals,
        backlog: known?.backlog == null ? backlog : Math.max(known.backlog, backlog ?? 0),
      });
    }
  }
  return merged;
}

/** What was used of the plan since it was last billed. */
function used(spans: readonly MeasuredSpan[], { plan, now, d1Bytes }: { plan: Plan; now: number; d1Bytes: number }) {
  const since = billedSince(plan, now);
  const counts = spans
    .filter(({ start }) => start >= since)
    .reduce<Totals["counts"]>((sum, { totals }) => mergedCounts(sum, totals.counts), {});
  const lines = meterOf({ ...counts, d1Bytes }, plan);
  const shares = lines.flatMap(({ used: amount, included }) => (included ? [(amount / included) * 100] : []));
  return {
    "system:storage_bytes": d1Bytes,
    "system:dollars": lines.reduce((sum, { dollars }) => sum + dollars, 0),
    "system:quota_percent": Math.max(0, ...shares),
  };
}

interface Asked {
  asks: readonly { name: SystemName; step: Step }[];
  plan: Plan;
  now: number;
}

export async function systemSeries(db: D1Database, { asks, plan, now }: Asked): Promise<[string, WatchedSeries][]> {
  const wantsUse = asks.some(({ name }) => !isMeasured(name));
  const back = Math.max(...asks.map(({ step }) => BACK_MS[step]));
  const since = Math.min(now - back, wantsUse ? billedSince(plan, now) : now);
  const spans = await readSpans(db, since);
  const standing = wantsUse ? used(spans, { plan, now, d1Bytes: await databaseBytes(db) }) : null;
  const held = new Map<Step, ReturnType<typeof bySteps>>();
  return asks.map(({ name, step }) => {
    const length = STEPS[step];
    const own = held.get(step) ?? bySteps(spans, length);
    held.set(step, own);
    const first = Math.ceil((now - BACK_MS[step]) / length) * length;
    const count = Math.floor((now - first) / length);
    const values = isMeasured(name)
      ? Array.from({ length: count }, (_, index) => {
          const span = own.get(first + index * length);
          return span ? figures[name](span) : null;
        })
      : // What is used stands for now alone.
        Array.from({ length: count }, (_, index) => (index === count - 1 && standing ? standing[name] : null));
    return [`${step} ${name}`, { start: first, step: length, values, together: WATCHED_METRICS[name].together }];
  });
}
