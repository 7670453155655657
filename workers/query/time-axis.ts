// The buckets of an answer along time, and those of the other period that they are compared with.
import { bucketsOf, type Grain } from "../domain/period.ts";
import type { NormalQuery } from "./normalize.ts";

export interface TimeAxis {
  /** Of time among the dimensions. */
  place: number;
  labels: string[];
  /** By label: that of the other period, and back. One that only one of the days has, as clocks change, is missing. */
  before: Map<string, string>;
  after: Map<string, string>;
}

const timeOf = (label: string | undefined): string | undefined => label?.slice("2026-11-26 ".length);

/** Says of each label on which day of its period it is, counted from the first, and at what time. */
function clockPlaces(labels: readonly string[]): Map<string, string> {
  const days = new Map<string, number>();
  return new Map(
    labels.map((label) => {
      const date = label.slice(0, "2026-11-26".length);
      if (!days.has(date)) days.set(date, days.size);
      return [`${days.get(date)} ${timeOf(label)}`, label];
    }),
  );
}

/** Hours that begin at the same time of day go by the clock, so that days of 23 and 25 hours move nothing; others by their number. */
function pairsOf(labels: readonly string[], others: readonly string[], grain: Grain): [string, string][] {
  const byClock = (grain === "hour" || grain === "minute") && timeOf(labels[0]) === timeOf(others[0]);
  if (!byClock) return labels.slice(0, others.length).map((label, index) => [label, others[index]!]);
  const otherAt = clockPlaces(others);
  return [...clockPlaces(labels)].flatMap(([place, label]): [string, string][] => {
    const other = otherAt.get(place);
    return other === undefined ? [] : [[label, other]];
  });
}

export function timeAxis(normal: NormalQuery, timeZone: string): TimeAxis | null {
  const { grain, period, comparison } = normal;
  if (!grain) return null;
  const labelsOf = (from: number, to: number) => bucketsOf(from, to, grain, timeZone).map(({ label }) => label);
  const labels = labelsOf(period.from, period.to);
  const pairs = comparison ? pairsOf(labels, labelsOf(comparison.from, comparison.to), grain) : [];
  return {
    place: normal.dimensions.indexOf(`time:${grain}`),
    labels,
    before: new Map(pairs),
    after: new Map(pairs.map(([label, other]) => [other, label])),
  };
}
