// What the benchmark's Worker counts. Types only, since it is read on both sides of the wire.

export interface Counters {
  /** Of the Worker, by HTTP. */
  workerRequests: number;
  /** Calls of Durable Objects: RPC, alarms and upgrades. */
  objectRequests: number;
  /** Milliseconds in which objects had a call under way, each object by itself. */
  objectMs: number;
  objectRowsRead: number;
  /** Alarms set are among them. */
  objectRowsWritten: number;
  d1RowsRead: number;
  d1RowsWritten: number;
}

/** What a cron run over alert rules read. */
export interface AlertRead {
  /** Sites whose minutes were judged. */
  judged: number;
  /** Calls that ask a site's object for its minutes. */
  minutes: number;
  /** Calls that have a shard go over raw events, and how many events those were. */
  scans: number;
  scanned: number;
  d1RowsRead: number;
  d1RowsWritten: number;
}
