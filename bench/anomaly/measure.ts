// How well anomalies are found on the labelled series of the Numenta Anomaly Benchmark, beside naive detectors and the
// scores published with it. Reads the fixtures; nothing runs but the detectors.

import { join } from "node:path";
import { fixturesDir } from "../../test/support/fixtures.ts";
import { detectAnomalies } from "../../workers/stats/detect-anomalies.ts";
import { median } from "../../workers/stats/median.ts";
import { table } from "../table.ts";
import { type Detector, naiveThreshold, seasonalNaive, silent, windowedGaussian } from "./baselines.ts";
import { nabScore, PROFILES, type ProfileName } from "./nab-score.ts";
import { type NabSet, readNabSet } from "./nab-series.ts";

export interface AnomalyRow {
  detector: string;
  /** By profile, at the threshold that is best for the set; of published detectors only the standard one is known here. */
  scores: Partial<Record<ProfileName, number>>;
  falsePositives: number | null;
  /** Over the whole benchmark, as published. */
  published: number | null;
  seconds: number | null;
}

export interface AnomalyResult {
  series: number;
  points: number;
  rows: AnomalyRow[];
  /** Of ours, at the threshold that it has when nobody chooses one. */
  asItComes: number;
}

const DAY_MS = 86_400_000;
const DEFAULT_THRESHOLD = 0.5;

/** Ours: an alarm is a peak of its half day. */
export const edgewise: Detector = ({ at, values }) => {
  const intervalMs = median(at.slice(1, 50).map((time, index) => time - (at[index] ?? time)));
  const points = at.map((time, index) => ({ at: time, value: values[index] ?? null }));
  const judged = detectAnomalies(points, { intervalMs: Math.min(intervalMs, DAY_MS) });
  return Float64Array.from(judged, ({ peak, score }) => (peak ? score : 0));
};

const DETECTORS = { edgewise, silent, naiveThreshold, seasonalNaive, windowedGaussian } as const;

const profiles = Object.keys(PROFILES) as ProfileName[]; // the keys of a constant

function measured(name: string, detector: Detector, { series }: NabSet): { row: AnomalyRow; asItComes: number } {
  const begun = process.cpuUsage().user;
  const scores = series.map(detector);
  const seconds = (process.cpuUsage().user - begun) / 1e6;
  const results = profiles.map((profile) => [profile, nabScore(series, scores, { profile })] as const);
  const row: AnomalyRow = {
    detector: name,
    scores: Object.fromEntries(results.map(([profile, { score }]) => [profile, score])),
    falsePositives: nabScore(series, scores).falsePositives,
    published: null,
    seconds,
  };
  return { row, asItComes: nabScore(series, scores, { threshold: DEFAULT_THRESHOLD }).score };
}

/** The published raw scores of the set's series, on the scale of the benchmark; null where a series is missing. */
function publishedOf(detector: string, { series, publishedRows, published }: NabSet): AnomalyRow | null {
  const rows = series.map(({ name }) => publishedRows[detector]?.[name]);
  const whole = published[detector]?.standard ?? null;
  if (rows.some((row) => row === undefined)) return null;
  const windows = series.reduce((sum, each) => sum + each.windows.length, 0);
  const raw = rows.reduce((sum, row) => sum + (row?.Score ?? 0), 0);
  return {
    detector: `${detector}, published`,
    scores: { standard: (100 * (raw + windows)) / (2 * windows) },
    falsePositives: rows.reduce((sum, row) => sum + (row?.FP ?? 0), 0),
    published: whole,
    seconds: null,
  };
}

/** Null where the fixtures are absent. */
export async function measureAnomaly(): Promise<AnomalyResult | null> {
  if (fixturesDir === null) return null;
  const set = await readNabSet(join(fixturesDir, "anomaly"));
  const own = Object.entries(DETECTORS).map(([name, detector]) => measured(name, detector, set));
  const published = Object.keys(set.publishedRows).flatMap((name) => publishedOf(name, set) ?? []);
  return {
    series: set.series.length,
    points: set.series.reduce((sum, { values }) => sum + values.length, 0),
    rows: [
      ...own.map(({ row }) => row),
      ...published.sort((a, b) => (b.scores.standard ?? 0) - (a.scores.standard ?? 0)),
    ],
    asItComes: own[0]?.asItComes ?? 0,
  };
}

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined ? "" : value.toFixed(1);

export function anomalyTable({ rows, asItComes, series, points }: AnomalyResult): string {
  const head = ["detector", "standard", "low FP", "low FN", "false alarms", "whole benchmark", "CPU s"];
  const lines = rows.map(({ detector, scores, falsePositives, published, seconds }) => [
    detector,
    shown(scores.standard),
    shown(scores.reward_low_FP_rate),
    shown(scores.reward_low_FN_rate),
    String(falsePositives ?? ""),
    shown(published),
    shown(seconds),
  ]);
  const closing = `${series} series, ${points} points; edgewise at its default threshold: ${asItComes.toFixed(1)}`;
  return `${table(head, lines)}\n${closing}`;
}
