// Which segments to make one of. Time is cut into days, spans of 4 and of 16 days; what lies within a span that is over
// becomes one run of segments that hold different visitors. Pure.
import type { SegmentFacts } from "./segment-store.ts";

const DAY_MS = 24 * 3600_000;
/** Spans in days, each a multiple of the one before. Wider ones take in only what fits no narrower. */
const SPANS = [1, 4, 16, 64, 256, 1024] as const;
/** Spans up to this gather the runs of narrower ones. */
const GATHERED_DAYS = 16;
/** Late events come up to 72 hours after, but most of them at once. */
const SETTLE_MS = 30 * 60_000;
/** So many small ones are made one although their day is not over. */
const MANY = 8;
/** A run is written anew when what joins it is at least this share of it, or comes in many pieces. */
const SHARE = 1 / 4;

/** A run, or a segment by itself. */
interface Unit {
  ids: number[];
  importId: string;
  atMin: number;
  atMax: number;
  count: number;
}

function unitsOf(segments: readonly SegmentFacts[]): Unit[] {
  const byRun = Map.groupBy(segments, ({ id, run }) => (run === 0 ? `segment ${id}` : `run ${run}`));
  return [...byRun.values()].map((own) => ({
    ids: own.map(({ id }) => id),
    importId: own[0]!.importId,
    atMin: Math.min(...own.map(({ atMin }) => atMin)),
    atMax: Math.max(...own.map(({ atMax }) => atMax)),
    count: own.reduce((sum, { count }) => sum + count, 0),
  }));
}

const placeOf = (at: number, days: number) => Math.floor(at / (days * DAY_MS));

function fits({ atMin, atMax }: Unit, days: number): boolean {
  return placeOf(atMin, days) === placeOf(atMax, days);
}

/** The narrowest span that holds the unit. */
function homeOf(unit: Unit): number {
  return SPANS.find((days) => fits(unit, days)) ?? Number.POSITIVE_INFINITY;
}

function isWorthIt(units: readonly Unit[]): boolean {
  if (units.length < 2) return false;
  const counts = units.map(({ count }) => count);
  const largest = Math.max(...counts);
  const rest = counts.reduce((sum, count) => sum + count, 0) - largest;
  return rest >= largest * SHARE || units.length > MANY;
}

/** Small ones of a day under way, but for those that are much larger than the rest. */
function smallOnes(units: readonly Unit[]): Unit[] {
  const rising = units.toSorted((a, b) => a.count - b.count);
  const chosen: Unit[] = [];
  let total = 0;
  for (const unit of rising) {
    if (chosen.length >= MANY / 2 && unit.count > total) break;
    chosen.push(unit);
    total += unit.count;
  }
  return chosen.length >= MANY ? chosen : [];
}

/** Ids of segments to be merged next, all of one import; null when all is well. */
export function chooseMerge(segments: readonly SegmentFacts[], now: number): number[] | null {
  const units = unitsOf(segments);
  for (const days of [...SPANS, Number.POSITIVE_INFINITY]) {
    const own = units.filter((unit) => (days <= GATHERED_DAYS ? fits(unit, days) : homeOf(unit) === days));
    const groups = Map.groupBy(own, (unit) => {
      const place = Number.isFinite(days) ? placeOf(unit.atMin, days) : 0;
      return `${place} ${unit.importId}`;
    });
    for (const group of groups.values()) {
      const isOver = !Number.isFinite(days) || (placeOf(group[0]!.atMin, days) + 1) * days * DAY_MS + SETTLE_MS <= now;
      if (isOver && isWorthIt(group)) return group.flatMap(({ ids }) => ids);
      const small = isOver ? [] : smallOnes(group.filter((unit) => homeOf(unit) === days));
      if (small.length > 0) return small.flatMap(({ ids }) => ids);
    }
  }
  return null;
}
