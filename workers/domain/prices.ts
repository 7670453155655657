// What Cloudflare charges, as published in November 2026: developers.cloudflare.com, the pricing pages of Workers, Durable
// Objects, D1 and Workers Analytics Engine. Prices in dollars beyond what the plan includes; limits of the free plan a day.

export const PRICES = {
  workerMillionRequests: 0.3,
  workerMillionCpuMs: 0.02,
  /** RPC calls, alarms and upgrades; 20 WebSocket messages that come in are one. */
  objectMillionRequests: 0.15,
  /** Of 128 MB, while an object runs or is kept from hibernating. */
  objectMillionGbSeconds: 12.5,
  objectMillionRowsWritten: 1,
  objectMillionRowsRead: 0.001,
  objectGbMonth: 0.2,
  d1MillionRowsWritten: 1,
  d1MillionRowsRead: 0.001,
  d1GbMonth: 0.75,
  analyticsEngineMillionPoints: 0.25,
} as const;

export const OBJECT_GB = 0.128;

/** What the paid plan includes each month, of all Workers, databases and objects of the account. */
export const INCLUDED_A_MONTH = {
  workerRequests: 10_000_000,
  objectRequests: 1_000_000,
  objectRowsWritten: 50_000_000,
  d1RowsWritten: 50_000_000,
  d1RowsRead: 25_000_000_000,
  objectBytes: 5_000_000_000,
  d1Bytes: 5_000_000_000,
} as const;

/** Each product has its own. */
export const FREE_A_DAY = {
  workerRequests: 100_000,
  objectRequests: 100_000,
  objectGbSeconds: 13_000,
  objectRowsWritten: 100_000,
  objectRowsRead: 5_000_000,
  d1RowsWritten: 100_000,
  d1RowsRead: 5_000_000,
} as const;

/** What one object, database or Worker can do at most, by the same pages. */
export const LIMITS = {
  objectRequestsPerSecond: 1_000,
  objectGb: 10,
  d1Gb: 10,
  d1QueriesPerSecond: 1_000,
  shardsOfASite: 64,
} as const;
