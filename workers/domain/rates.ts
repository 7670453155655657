// What amounts of other currencies are worth in the site's own, by the rates that its people set.

import * as z from "zod";

export const currencySchema = z.string().regex(/^[A-Z]{3}$/, "use an ISO 4217 code such as EUR");

/** One unit of `currency` in units of the site's own, from that local date on until the next rate. */
export interface Rate {
  currency: string;
  /** `2026-11-21` */
  since: string;
  rate: number;
}

export const rateSchema = z.strictObject({
  rate: z.number().gt(0, "a rate is above 0").max(1e12),
});

export const sinceSchema = z.iso.date("use a date such as 2026-11-21");

/** How a site puts amounts together. */
export interface Conversion {
  /** Its own. */
  currency: string;
  rates: readonly Rate[];
}

/** Null before the first rate. */
function rateOn({ currency, rates }: Conversion, from: string, date: string): number | null {
  if (from === currency) return 1;
  let found: Rate | null = null;
  for (const rate of rates) {
    if (rate.currency === from && rate.since <= date && (!found || rate.since > found.since)) found = rate;
  }
  return found?.rate ?? null;
}

/** Whether some rate changes after the first date and not after the last. */
export function changesWithin({ rates }: Conversion, first: string, last: string): boolean {
  return rates.some(({ since }) => since > first && since <= last);
}

/** Amounts by currency, of one local date, in the site's own; those for which there is no rate stay as they are. */
export function converted(
  amounts: Readonly<Record<string, number>>,
  date: string,
  conversion: Conversion,
): Record<string, number> {
  const sums: Record<string, number> = { [conversion.currency]: 0 };
  for (const [currency, amount] of Object.entries(amounts)) {
    const rate = rateOn(conversion, currency, date);
    const into = rate === null ? currency : conversion.currency;
    sums[into] = (sums[into] ?? 0) + amount * (rate ?? 1);
  }
  return sums;
}

export function addAmounts(a: Record<string, number>, b: Readonly<Record<string, number>>): void {
  for (const [currency, amount] of Object.entries(b)) a[currency] = (a[currency] ?? 0) + amount;
}
