import { quantileSorted } from "simple-statistics";
import { median } from "./median.ts";
import { robustScale } from "./robust-scale.ts";
import { Window } from "./window.ts";

const DAY_MS = 86_400_000;
/** Days and weeks that a profile remembers: enough for a median, few enough to follow. */
const DAYS = 7;
const WEEKS = 4;
/** Around the same time of day this part of a day counts as the same time too. */
const SAME_TIME = 1 / 100;
/** The local level is the median of a quarter of a day, within these counts of points. */
const LEVEL_SHARE = 1 / 4;
const LEVEL_POINTS = { least: 8, most: 72 };
/** Errors by which the experts are compared: of four weeks, within these counts. */
const ERROR_DAYS = 28;
const ERRORS = { least: 42, most: 2000 };
/** Above this quantile an error counts as this large, so that an outbreak does not depose the better expert. */
const ERROR_CAP = 0.95;
const RENEWED = 0.02;

/** So many values of the same time say as much of the spread as the errors of all times. */
const VALUES_FOR_HALF = 12;

/** Days back, two weeks so that holidays left out of one leave its Sunday in the other. */
const FORTNIGHT = Array.from({ length: 14 }, (_, index) => index + 1);

const clamp = (value: number, { least, most }: { least: number; most: number }) =>
  Math.min(most, Math.max(least, value));

interface Guess {
  value: number;
  /** Robust standard deviation of the same times, 0 where nothing says it. */
  spread: number;
  /** From how many values. */
  seen: number;
  /** Between these the same times moved: medians of each period's least and most. */
  low: number;
  high: number;
}

export interface Expected extends Pick<Guess, "value" | "low" | "high"> {
  /** Robust standard deviation of what comes instead of `value`. */
  scale: number;
}

/** One way to guess the next value, and how well it did. */
class Expert {
  error = Number.POSITIVE_INFINITY;
  scale = 0;
  private readonly errors: Window;
  private untilJudged = 0;

  constructor(memory: number) {
    this.errors = new Window(memory);
  }

  judge(error: number): void {
    this.errors.push(error);
    if (--this.untilJudged > 0) return;
    this.untilJudged = this.errors.length < 50 ? 1 : Math.floor(this.errors.length * RENEWED);
    const sorted = this.errors.sorted();
    const cap = quantileSorted(sorted, ERROR_CAP);
    this.error = sorted.reduce((sum, value) => sum + Math.min(value, cap), 0) / sorted.length;
    // The 90th of a hundred normal errors lies at 1.645; half of it holds where most errors are nothing.
    this.scale = Math.max(1.4826 * median(sorted), (0.5 * quantileSorted(sorted, 0.9)) / 1.645, 1e-12);
  }
}

/**
 * What a series should bring next, from its past alone. Three experts guess: the local level (median of a quarter of a
 * day), the time of day (median of seven days), the time of the week (median of four weeks); the one whose capped mean
 * error has been least speaks. Medians keep holidays and outbreaks out; after a shift the level speaks until the profiles
 * have learned it. After STL's and Prophet's seasons and prediction with expert advice (Cesa-Bianchi and Lugosi 2006).
 * Equal intervals from a minute to a week, gaps allowed; slots count from any origin and grow.
 */
export class SeasonalExpectation {
  private readonly values = new Map<number, number>();
  private readonly slotsOfDay: number;
  private readonly sameTime: number;
  private readonly levelPoints: number;
  private readonly recent: number[] = [];
  private readonly experts: readonly Expert[];
  private guessed: { slot: number; guesses: (Guess | null)[] } | null = null;
  private learned = 0;

  constructor(intervalMs: number) {
    this.slotsOfDay = Math.max(1, Math.round(DAY_MS / intervalMs));
    this.sameTime = Math.floor(this.slotsOfDay * SAME_TIME);
    const memory = clamp(ERROR_DAYS * this.slotsOfDay, ERRORS);
    this.experts = [new Expert(memory), new Expert(memory), new Expert(memory)];
    this.levelPoints = clamp(Math.floor(this.slotsOfDay * LEVEL_SHARE), LEVEL_POINTS);
  }

  /**
   * Null until something can be expected. On an `exceptional` day (a holiday) anything is usual that the two weeks before held:
   * a Monday may then be like a Sunday.
   */
  expect(slot: number, exceptional = false): Expected | null {
    const able = this.guesses(slot).flatMap((guess, index) => {
      const expert = this.experts[index];
      return guess && expert && Number.isFinite(expert.error) ? [{ expert, guess }] : [];
    });
    const [first, ...others] = able;
    if (!first) return null;
    const best = others.reduce((known, each) => (each.expert.error < known.expert.error ? each : known), first);
    return this.widened(scaled(best), slot, exceptional);
  }

  private widened(expected: Expected, slot: number, exceptional: boolean): Expected {
    if (!exceptional) return expected;
    const { low, high } = expected;
    const days = FORTNIGHT.flatMap((back) => this.values.get(slot - back * this.slotsOfDay) ?? []);
    return { ...expected, low: Math.min(low, ...days), high: Math.max(high, ...days) };
  }

  learn(slot: number, value: number): void {
    this.guesses(slot).forEach((guess, index) => {
      if (guess) this.experts[index]?.judge(Math.abs(value - guess.value));
    });
    this.recent.push(value);
    if (this.recent.length > this.levelPoints) this.recent.shift();
    this.values.set(slot, value);
    this.guessed = null;
    if (++this.learned % 256 === 0) this.forget(slot - (WEEKS + 1) * 7 * this.slotsOfDay);
  }

  /** Asked for twice a slot: to judge and to learn. */
  private guesses(slot: number): (Guess | null)[] {
    if (this.guessed?.slot === slot) return this.guessed.guesses;
    const value = median(this.recent);
    const level = this.recent.length >= 3 ? { value, spread: 0, seen: 0, low: value, high: value } : null;
    const day = this.slotsOfDay > 1 ? this.profile(slot, this.slotsOfDay, DAYS) : null;
    const guesses = [level, day, this.profile(slot, 7 * this.slotsOfDay, WEEKS)];
    this.guessed = { slot, guesses };
    return guesses;
  }

  private profile(slot: number, period: number, periods: number): Guess | null {
    const seen: number[] = [];
    let found = 0;
    const lows: number[] = [];
    const highs: number[] = [];
    for (let back = 1; back <= periods; back++) {
      const before = seen.length;
      for (let near = -this.sameTime; near <= this.sameTime; near++) {
        const value = this.values.get(slot - back * period + near);
        if (value !== undefined) seen.push(value);
      }
      if (seen.length === before) continue;
      found++;
      lows.push(Math.min(...seen.slice(before)));
      highs.push(Math.max(...seen.slice(before)));
    }
    if (found < 2) return null;
    const value = median(seen);
    return { value, spread: robustScale(seen, value), seen: seen.length, low: median(lows), high: median(highs) };
  }

  private forget(before: number): void {
    for (const slot of this.values.keys()) {
      if (slot >= before) return;
      this.values.delete(slot);
    }
  }
}

/** What the expert's errors say, and the more what the same times show, the more values those are. */
function scaled({ expert, guess }: { expert: Expert; guess: Guess }): Expected {
  const { value, spread, seen, low, high } = guess;
  const weight = spread > 0 ? seen / (seen + VALUES_FOR_HALF) : 0;
  const scale = Math.sqrt((1 - weight) * expert.scale ** 2 + weight * spread ** 2);
  return { value, low, high, scale: Math.max(scale, 1e-9 * Math.max(1, Math.abs(value))) };
}
