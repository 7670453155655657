// The series of the Numenta Anomaly Benchmark as the fixtures hold them: a packed folder of CSVs, and their labels.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openText } from "../../workers/local/replay/open-text.ts";

export interface NabSeries {
  name: string;
  /** As the file writes them; milliseconds UTC stand in `at`. */
  times: string[];
  at: number[];
  values: number[];
  windows: { from: string; to: string }[];
}

export interface PublishedRow {
  Threshold: number;
  Score: number;
  TP: number;
  FP: number;
}

export interface NabSet {
  series: NabSeries[];
  /** Detector → profile → score over the whole benchmark. */
  published: Record<string, Record<string, number>>;
  /** Detector → series → raw score under the standard profile. */
  publishedRows: Record<string, Record<string, PublishedRow>>;
}

interface Labels {
  windows: Record<string, [string, string][]>;
  published_final_scores_whole_benchmark: NabSet["published"];
  published_per_file_standard_profile: NabSet["publishedRows"];
}

const BLOCK = 512;

/** Files of a tar, as text of one byte a letter; names above 100 letters do not occur. */
function untar(tar: string): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== "\0"; ) {
    const text = (from: number, length: number) => tar.slice(at + from, at + from + length).replace(/\0[\s\S]*$/, "");
    const size = Number.parseInt(text(124, 12), 8);
    if (text(156, 1) !== "5") files.set(text(0, 100), tar.slice(at + BLOCK, at + BLOCK + size));
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  return files;
}

const wholeSecond = (label: string): string => label.replace(/\.0+$/, "");

function toSeries(name: string, csv: string, windows: [string, string][]): NabSeries {
  const rows = csv
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(","));
  const times = rows.map(([time = ""]) => time);
  return {
    name,
    times,
    at: times.map((time) => Date.parse(`${time.replace(" ", "T")}Z`)),
    values: rows.map(([, value]) => Number(value)),
    windows: windows.map(([from, to]) => ({ from: wholeSecond(from), to: wholeSecond(to) })),
  };
}

/** `folder` holds one packed set and its labels, whatever word names the set. */
export async function readNabSet(folder: string): Promise<NabSet> {
  const names = await readdir(folder);
  const named = (pattern: RegExp): string => {
    const found = names.find((name) => pattern.test(name));
    if (!found) throw new Error(`${folder}: no file like ${pattern}`);
    return join(folder, found);
  };
  const labels: Labels = JSON.parse(await readFile(named(/^nab_.*labels.*\.json$/), "utf8"));
  let tar = "";
  for await (const chunk of (await openText(named(/^nab_.*\.tar\.xz$/))).text) tar += chunk;
  const series = [...untar(tar)].flatMap(([path, csv]) => {
    const name = path.split("/").slice(-2).join("/");
    const windows = labels.windows[name];
    return windows ? [toSeries(name, csv, windows)] : [];
  });
  return {
    series: series.sort((a, b) => (a.name < b.name ? -1 : 1)),
    published: labels.published_final_scores_whole_benchmark,
    publishedRows: Object.fromEntries(
      Object.entries(labels.published_per_file_standard_profile).map(([detector, rows]) => [detector, toNumbers(rows)]),
    ),
  };
}

/** The file writes its numbers as texts here and there. */
function toNumbers(rows: Record<string, PublishedRow>): Record<string, PublishedRow> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, { Threshold, Score, TP, FP }]) => [
      name,
      { Threshold: Number(Threshold), Score: Number(Score), TP: Number(TP), FP: Number(FP) },
    ]),
  );
}
