/** A real series of days. */
export interface DailySeries {
  name: string;
  /** Day of the first value, milliseconds UTC. */
  from: number;
  /** One a day; null where the series lacks it. */
  values: (number | null)[];
}
