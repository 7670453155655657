// From measures to figures. Pure.
import { billedSince, meterOf, type Plan } from "../domain/bill.ts";
import { BUDGET_DAYS, errorBudget } from "../domain/error-budget.ts";
import {
  BACKLOG,
  type Detail,
  HOUR_MS,
  MEASURE_KINDS,
  mergedTotals,
  noTotals,
  type Totals,
} from "../domain/measures.ts";
import { mergedTally, quantileOf, type Tally } from "../domain/tally.ts";
import type { SystemReply } from "./system-schemas.ts";

interface Timed {
  start: number;
  value: Totals;
}

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10);

export function timesOf(tally: Tally) {
  const { count, refused, failed, max } = tally;
  const at = (q: number) => rounded(quantileOf(tally, q));
  return { count, refused, failed, p50: at(0.5), p95: at(0.95), p99: at(0.99), max };
}

const sumOf = (rows: readonly Timed[]): Totals => rows.map(({ value }) => value).reduce(mergedTotals, noTotals());
const since = (rows: readonly Timed[], from: number): Timed[] => rows.filter(({ start }) => start >= from);

/** One point an hour, also of hours in which nothing happened. */
export function seriesOf(rows: readonly Timed[], hours: number, now: number): SystemReply["series"] {
  const last = now - (now % HOUR_MS);
  const byHour = Map.groupBy(rows, ({ start }) => start - (start % HOUR_MS));
  return Array.from({ length: hours }, (_, i) => {
    const start = last - (hours - 1 - i) * HOUR_MS;
    const { api, collect, lag } = sumOf(byHour.get(start) ?? []);
    const answered = mergedTally(api, collect);
    return {
      start,
      events: lag.count,
      requests: answered.count,
      failed: answered.failed,
      apiP95: rounded(quantileOf(api, 0.95)),
      lagP95: rounded(quantileOf(lag, 0.95)),
    };
  });
}

export function timingsOf({ tallies }: Detail): SystemReply["timings"] {
  const rows = Object.entries(tallies).flatMap(([name, tally]) => {
    const kind = MEASURE_KINDS.find((one) => name.startsWith(`${one} `));
    return kind && kind !== "queue" && kind !== "ingest"
      ? [{ kind, name: name.slice(kind.length + 1), ...timesOf(tally) }]
      : [];
  });
  return rows.sort((a, b) => b.count - a.count);
}

export const backlogOf = ({ tallies }: Detail): number | null => tallies[BACKLOG]?.max ?? null;

export function costOf(rows: readonly Timed[], { plan, now, d1Bytes }: { plan: Plan; now: number; d1Bytes: number }) {
  const from = billedSince(plan, now);
  const { counts, lag } = sumOf(since(rows, from));
  const lines = meterOf({ ...counts, d1Bytes }, plan);
  return { plan, since: from, events: lag.count, lines, dollars: lines.reduce((sum, { dollars }) => sum + dollars, 0) };
}

export function budgetOf(rows: readonly Timed[], now: number): SystemReply["budget"] {
  const { api, collect } = sumOf(since(rows, now - BUDGET_DAYS * 24 * HOUR_MS));
  return { days: BUDGET_DAYS, ...errorBudget(api.count + collect.count, api.failed + collect.failed) };
}

export function trafficOf(rows: readonly Timed[], hours: number, now: number): Pick<SystemReply, "ingest" | "api"> {
  const from = now - hours * HOUR_MS;
  const own = since(rows, from - (from % HOUR_MS));
  const { api, collect, lag } = sumOf(own);
  const seconds = Math.max(1, (now - Math.max(from, own[0]?.start ?? now)) / 1000);
  return {
    ingest: {
      events: lag.count,
      perSecond: Math.round((lag.count / seconds) * 100) / 100,
      lag: timesOf(lag),
      requests: timesOf(collect),
    },
    api: timesOf(api),
  };
}
