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
  /** What the last day was off by, by the period of its seasons; of days it says nothing of weeks. */
  private readonly offs = new Map<number, number>();

  constructor(options: ForecastOptions) {
    this.options = options;
    this.slotsOfDay = Math.max(1, Math.round(DAY_MS / options.intervalMs));
  }

  private slotOf(at: number): number {
    return Math.round((at + this.options.offsetAt(at)) / this.options.intervalMs);
  }

  private profile(slot: number, period: number, periods: number): number | null {
    const ahead = Math.max(1, Math.ceil((slot - this.last) / period));
    const known: number[] = [];
    for (let back = ahead; back < ahead + periods; back++) {
      const value = this.values.get(slot - back * period);
      if (value !== undefined) known.push(value);
    }
    return known.length < 2 ? null : median(known);
  }

  private season(slot: number): { value: number; period: number } | null {
    for (const [period, periods] of [[7 * this.slotsOfDay, WEEKS] as const, [this.slotsOfDay, DAYS] as const]) {
      const value = this.profile(slot, period, periods);
      if (value !== null) return { value, period };
    }
    return null;
  }

  private off(period: number): number {
    const known = this.offs.get(period);
    if (known !== undefined) return known;
    const own = this.errors.flatMap((error) => (error.period === period ? [error.off] : []));
    const off = own.length === 0 ? 0 : median(own);
    this.offs.set(period, off);
    return off;
  }

  learn(at: number, value: number): void {
    const slot = this.slotOf(at);
    const season = this.season(slot);
    this.offs.clear();
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
    return Math.max(this.least, season.value + this.off(season.period));
  }
}
