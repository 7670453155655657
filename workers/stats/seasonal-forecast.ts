import { median } from "./median.ts";

const DAY_MS = 86_400_000;
const DAYS = 7;
const WEEKS = 4;

export interface ForecastOptions {
  intervalMs: number;
  /** Milliseconds to add to UTC for the local time at this moment; days and weeks are local ones. */
  offsetAt: (at: number) => number;
}

/**
 * What a series will bring: the median of the same time in the last four weeks (before there are two of them, of the last seven
 * days), plus the median of what the last day was off by. The seasonal naive method (Hyndman and Athanasopoulos, Forecasting:
 * Principles and Practice, 5.2) with medians, so that single outages do not matter, and a level that follows within a day. No
 * trend within what is foretold, no yearly season. Equal intervals of up to a day, fed in order of time, gaps allowed.
 */
export class SeasonalForecast {
  private readonly options: ForecastOptions;
  private readonly slotsOfDay: number;
  private readonly values = new Map<number, number>();
  private readonly errors: { off: number; period: number }[] = [];
  private last = Number.NEGATIVE_INFINITY;
  private least = 0;

  constructor(options: ForecastOptions) {
    this.options = options;
    this.slotsOfDay = Math.max(1, Math.round(DAY_MS / options.intervalMs));
  }

  private slotOf(at: number): number {
    return Math.round((at + this.options.offsetAt(at)) / this.options.intervalMs);
  }

  private profile(slot: number, period: number, periods: number): number | null {
    const ahead = Math.max(1, Math.ceil((slot - this.last) / period));
    const seen = Array.from({ length: periods }, (_, back) => this.values.get(slot - (ahead + back) * period));
    const known = seen.filter((value) => value !== undefined);
    return known.length < 2 ? null : median(known);
  }

  private season(slot: number): { value: number; period: number } | null {
    for (const [period, periods] of [[7 * this.slotsOfDay, WEEKS] as const, [this.slotsOfDay, DAYS] as const]) {
      const value = this.profile(slot, period, periods);
      if (value !== null) return { value, period };
    }
    return null;
  }

  learn(at: number, value: number): void {
    const slot = this.slotOf(at);
    const season = this.season(slot);
    if (season !== null) this.errors.push({ off: value - season.value, period: season.period });
    if (this.errors.length > this.slotsOfDay) this.errors.shift();
    this.values.set(slot, value);
    this.values.delete(slot - (WEEKS + 1) * 7 * this.slotsOfDay);
    this.last = slot;
    this.least = Math.min(this.least, value);
  }

  /** Of the interval that begins then; null while too little is known. Below zero only where values were. */
  at(at: number): number | null {
    const season = this.season(this.slotOf(at));
    if (season === null) return null;
    // What days were off by says nothing of weeks.
    const own = this.errors.flatMap(({ off, period }) => (period === season.period ? [off] : []));
    return Math.max(this.least, season.value + (own.length === 0 ? 0 : median(own)));
  }
}
