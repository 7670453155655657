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
