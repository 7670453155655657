// The tables of docs/scale.md: the measured rates taken to 10,000, 100,000 and 1,000,000 events a second. Pure.

import { LIMITS, PRICES } from "../workers/domain/prices.ts";
import { dollarsPerMillion, scaled } from "./cost/dollars.ts";
import { markdownTable } from "./figures.ts";
import type { Parts } from "./outcome.ts";
import { referenceOf } from "./reference/events.ts";
import { packedEvents } from "./reference/packed.ts";

const RATES = [10_000, 100_000, 1_000_000];
/** A site gets more shards above this, since 1,000 is the most that one object should take. */
const REQUESTS_A_SHARD = 600;
const BATCH = 20;
/** Of what a core was measured to take in batches, so that questions have the other half. */
const BUSY = 0.5;
const MONTH_SECONDS = 30 * 86_400;
const DAY_SECONDS = 86_400;
const D1_RAW_BYTES = 200_000_000;
const KEPT_MONTHS = 13;
const GB = 1e9;

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const few = (value: number): string => (value < 10 ? value.toFixed(1) : whole(value));

function span(seconds: number): string {
  if (seconds < 120) return `${few(seconds)} s`;
  if (seconds < 7_200) return `${few(seconds / 60)} min`;
  return seconds < 2 * DAY_SECONDS ? `${few(seconds / 3600)} h` : `${few(seconds / DAY_SECONDS)} days`;
}

/** Bytes of a packed event in D1's copy. */
function rawBytesPerEvent(): number {
  const reference = referenceOf({ seed: 1, events: 100_000, from: 0 });
  const events = packedEvents(reference, reference.rows(0, 10));
  return JSON.stringify(events).length / events.length;
}

interface Known {
  ingest: Parts["ingest"];
  query: Parts["query"];
  cost: Parts["cost"];
}

/** Instead of the tables. */
const UNKNOWN = "The last run measured too little for the tables: they need ingest, query and cost.";

function shardRows({ ingest, query }: Known): string[][] {
  const { bytesPerEvent } = query.at(-1)!; // seen to be there
  const raw = rawBytesPerEvent();
  const inBatches = Math.min(REQUESTS_A_SHARD * BATCH, ingest.result.batch20.eventsPerSecond * BUSY);
  return RATES.map((rate) => {
    const singles = Math.ceil(rate / REQUESTS_A_SHARD);
    const batches = Math.ceil(rate / inBatches);
    const shards = Math.min(LIMITS.shardsOfASite, Math.max(batches, 1));
    const kept = (LIMITS.shardsOfASite * LIMITS.objectGb * GB) / (rate * bytesPerEvent);
    const own = (shards * LIMITS.objectGb * GB) / (rate * bytesPerEvent);
    return [
      whole(rate),
      whole(singles),
      whole(batches),
      `${few((rate * MONTH_SECONDS * bytesPerEvent) / GB)} GB`,
      span(own),
      span(kept),
      span(D1_RAW_BYTES / (rate * raw)),
      span((LIMITS.d1Gb * GB) / (rate * raw)),
    ];
  });
}

function batchCpu({ rows }: Known["ingest"]): number {
  return rows.find(({ name }) => name === "batch20")?.cpuMicrosPerEvent ?? Number.NaN;
}

function costRows({ ingest, query, cost }: Known): string[][] {
  const { bytesPerEvent } = query.at(-1)!; // likewise
  return RATES.map((rate) => {
    const events = rate * MONTH_SECONDS;
    const shards = Math.min(LIMITS.shardsOfASite, Math.ceil(rate / REQUESTS_A_SHARD));
    const month = dollarsPerMillion({
      events,
      use: cost.underLoad,
      cpuMicrosPerEvent: ingest.result.single.cpuMicrosPerEvent,
      fixed: scaled(cost.rollUpMonth, shards),
      watched: { perSecond: cost.watchedSecond, hoursADay: 0 },
      storage: {
        bytesPerEvent,
        // As long as they fit.
        months: Math.min(KEPT_MONTHS, (LIMITS.shardsOfASite * LIMITS.objectGb * GB) / (events * bytesPerEvent)),
        d1Bytes: D1_RAW_BYTES,
      },
    });
    const inBatches =
      month.total -
      (month.workerRequests + month.objectRequests) * (1 - 1 / BATCH) -
      month.workerCpu +
      (batchCpu(ingest) / 1000) * PRICES.workerMillionCpuMs;
    const dollars = (perMillion: number) => `$${whole((perMillion * events) / 1e6)}`;
    return [
      whole(rate),
      dollars(month.workerRequests + month.workerCpu),
      dollars(month.objectRequests + month.objectDuration),
      dollars(month.rowsWritten + month.rowsRead),
      dollars(month.storage),
      dollars(month.total),
      month.total.toFixed(2),
      inBatches.toFixed(2),
    ];
  });
}

function questionRows({ query }: Known): string[][] {
  const { events, rows } = query.at(-1)!; // likewise
  return ["totals", "filtered breakdown", "funnel", "weekly retention"].flatMap((name) => {
    const row = rows.find((one) => one.name === name);
    if (!row) return [];
    const perSecond = (events / row.coldMs) * 1000;
    const times = RATES.map((rate) => span((rate * DAY_SECONDS) / LIMITS.shardsOfASite / perSecond));
    return [[name, `${few(perSecond / 1e6)} million`, ...times]];
  });
}

export function scaleTables(parts: Partial<Parts>): string {
  const { ingest, query, cost } = parts;
  if (!ingest || !query?.length || !cost) return UNKNOWN;
  const all: Known = { ingest, query, cost };
  const shardTable = markdownTable(
    [
      "events a second",
      "shards for single beacons",
      "for batches of 20",
      "raw events a month",
      "kept by the shards for batches",
      "kept by 64 shards",
      "D1's 200 MB copy reaches back",
      "D1's 10 GB are full after",
    ],
    shardRows(all),
  );
  const costTable = markdownTable(
    ["events a second", "Workers", "objects", "rows", "storage", "a month", "dollars a million", "in batches of 20"],
    costRows(all),
  );
  const questionTable = markdownTable(
    ["exact, over one day, by 64 shards", "events a second and shard", ...RATES.map((rate) => `at ${whole(rate)}`)],
    questionRows(all),
  );
  return [shardTable, costTable, questionTable].join("\n\n");
}
