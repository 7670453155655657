/** A shard's full count of something in an hour. */
export interface HourCount {
  /** UTC, milliseconds. */
  hour: number;
  name: string;
  count: number;
}
