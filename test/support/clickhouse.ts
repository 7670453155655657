// A table of points on ClickHouse, laid out as Analytics Engine lays out a dataset.

import * as z from "zod";
import type { Event } from "../../workers/domain/event.ts";
import { POINTS_DATASET, type Point } from "../../workers/domain/point.ts";
import type { PointsRow } from "../../workers/query/points/table.ts";
import { writePoint } from "../../workers/store/points.ts";
import { openSession } from "./chdb.ts";

const numbers = (count: number, of: (number: number) => string) => Array.from({ length: count }, (_, i) => of(i + 1));

/** The columns of an Analytics Engine table. */
const COLUMNS = [
  "dataset String",
  "timestamp DateTime",
  "_sample_interval UInt32",
  "index1 String",
  ...numbers(20, (number) => `blob${number} String`),
  ...numbers(20, (number) => `double${number} Float64`),
];

/** The point that is written for the event. */
export function pointFor(siteId: string, event: Event): Point {
  const written: Point[] = [];
  writePoint({ writeDataPoint: (point) => void written.push(point) }, siteId, event);
  return written[0]!;
}

export interface WrittenPoint {
  point: Point;
  /** Milliseconds. */
  writtenAt: number;
  sampleInterval: number;
}

function rowOf({ point, writtenAt, sampleInterval }: WrittenPoint): string {
  return JSON.stringify({
    dataset: POINTS_DATASET,
    timestamp: Math.floor(writtenAt / 1000),
    _sample_interval: sampleInterval,
    index1: point.indexes[0],
    ...Object.fromEntries(point.blobs.map((text, place) => [`blob${place + 1}`, text])),
    ...Object.fromEntries(point.doubles.map((number, place) => [`double${place + 1}`, number])),
  });
}

const replySchema = z.object({ data: z.array(z.record(z.string(), z.union([z.string(), z.number()]))) });

export interface PointStore {
  fill(points: readonly WrittenPoint[]): void;
  ask(sql: string): PointsRow[];
  close(): void;
}

/** An empty table of points. */
export function openPoints(): PointStore {
  const session = openSession();
  session.query(`CREATE TABLE ${POINTS_DATASET} (${COLUMNS.join(", ")}) ENGINE = Memory`);
  return {
    fill(points) {
      session.query(`TRUNCATE TABLE ${POINTS_DATASET}`);
      if (points.length === 0) return;
      session.query(`INSERT INTO ${POINTS_DATASET} FORMAT JSONEachRow ${points.map(rowOf).join("\n")}`);
    },
    ask: (sql) => replySchema.parse(JSON.parse(session.query(sql))).data,
    close: () => session.cleanup(),
  };
}
