// An amount as answers give it: exact, with its currency, and as people write it.

export interface Money {
  /** Units of the currency. */
  value: number;
  /** ISO 4217. */
  currency: string;
  /** `€500.2M` */
  short: string;
  /** `€500,200,700.25` */
  long: string;
}

/** A figure of an answer; null where a ratio has no base, or an amount no one currency. */
export type MetricValue = number | Money | null;

const formats = new Map<string, Intl.NumberFormat>();

function written(value: number, currency: string, notation: "standard" | "compact"): string {
  const key = `${currency} ${notation}`;
  const digits = notation === "compact" ? { minimumFractionDigits: 0, maximumFractionDigits: 1 } : {};
  const format =
    formats.get(key) ?? new Intl.NumberFormat("en-US", { style: "currency", currency, notation, ...digits });
  formats.set(key, format);
  return format.format(value);
}

export function moneyOf(value: number, currency: string): Money {
  return { value, currency, short: written(value, currency, "compact"), long: written(value, currency, "standard") };
}

/** The plain number of a figure, to reckon and draw with. */
export function amountOf(value: MetricValue | undefined): number | null {
  if (value === undefined || value === null) return null;
  return typeof value === "number" ? value : value.value;
}
