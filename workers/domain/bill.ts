// What was used, beside what the plan includes, and what is beyond it in dollars.
import { FREE_A_DAY, INCLUDED_A_MONTH, PRICES } from "./prices.ts";

export type Plan = "paid" | "free";
export type Metered = keyof typeof INCLUDED_A_MONTH;
export type Used = Partial<Record<Metered, number>>;

export interface MeterLine {
  name: Metered;
  used: number;
  /** Of the same time: a month of the paid plan, a day of the free one. Null where the free plan says nothing. */
  included: number | null;
  dollars: number;
}

const MILLION = 1e6;
const GB = 1e9;

/** Dollars of one, beyond what is included. */
const EACH: Readonly<Record<Metered, number>> = {
  workerRequests: PRICES.workerMillionRequests / MILLION,
  objectRequests: PRICES.objectMillionRequests / MILLION,
  objectRowsWritten: PRICES.objectMillionRowsWritten / MILLION,
  d1RowsWritten: PRICES.d1MillionRowsWritten / MILLION,
  d1RowsRead: PRICES.d1MillionRowsRead / MILLION,
  objectBytes: PRICES.objectGbMonth / GB,
  d1Bytes: PRICES.d1GbMonth / GB,
};

const METERED = Object.keys(INCLUDED_A_MONTH).filter((name): name is Metered => Object.hasOwn(EACH, name));

function includedOf(name: Metered, plan: Plan): number | null {
  if (plan === "paid") return INCLUDED_A_MONTH[name];
  return name === "objectBytes" || name === "d1Bytes" ? null : FREE_A_DAY[name];
}

/** What was used of a month on the paid plan, of a day on the free one, which bills nothing and stops instead. */
export function meterOf(used: Used, plan: Plan): MeterLine[] {
  return METERED.flatMap((name) => {
    const amount = used[name];
    if (amount === undefined) return [];
    const included = includedOf(name, plan);
    const beyond = included === null || plan === "free" ? 0 : Math.max(0, amount - included);
    return [{ name, used: amount, included, dollars: beyond * EACH[name] }];
  });
}

/** The paid plan counts by the month, the free one by the day, both in UTC. */
export function billedSince(plan: Plan, now: number): number {
  const date = new Date(now);
  const day = plan === "free" ? date.getUTCDate() : 1;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day);
}
