import { quantileSorted } from "simple-statistics";
import { Window } from "./window.ts";

/** Values kept, and the least with which anything is said. */
const KEPT = 4000;
const ENOUGH = 30;
/** Share of the values that is tail, and how many values it should have at least, where half of a fifth allows it. */
const TAIL = 0.02;
const TAIL_VALUES = 10;
const TAIL_AT_MOST = 0.2;
/** A tail this heavy has no variance any more. */
const HEAVIEST = 0.5;
/** What is believed of the mean excess before values say it, in values; a normal distribution's is near 0.4. */
const BELIEF = 30;
const NORMAL_EXCESS = 0.4;
const BELIEF_OF_LEVEL = 0.2;
/** Values rarer than this are learned as if they were this rare, so that an outbreak does not teach what is usual. */
const LEARNED_RARITY = 1e-3;
/** The fit is renewed each time this share of the window is new. */
const RENEWED = 0.02;

/**
 * How rare a value is that lies beyond what was seen: peaks over threshold with a generalised Pareto tail (Pickands 1975;
 * as a stream: Siffer et al., "Anomaly detection in streams with extreme value theory", KDD 2017), fitted by moments
 * (Hosking and Wallis 1987) and drawn towards a normal tail while values are few. Upper tail, shape 0 to 0.5, any scale
 * near 1; below 30 values everything is usual.
 */
export class ExcessTail {
  private readonly window = new Window(KEPT);
  private share = TAIL;
  private threshold = Number.POSITIVE_INFINITY;
  private scale = 1;
  private shape = 0;
  private untilFit = 0;

  /** Probability of a value as large; 1 for what is not in the tail. */
  probability(value: number): number {
    if (!(value > this.threshold)) return 1;
    const excess = (value - this.threshold) / this.scale;
    const beyond = this.shape > 1e-6 ? (1 + this.shape * excess) ** (-1 / this.shape) : Math.exp(-excess);
    return Math.max(Number.MIN_VALUE, this.share * beyond);
  }

  /** The value that is exceeded with this probability; infinite while too little was seen. */
  level(probability: number): number {
    const beyond = probability / this.share;
    if (beyond >= 1 || this.threshold === Number.POSITIVE_INFINITY) return this.threshold;
    const excess = this.shape > 1e-6 ? (beyond ** -this.shape - 1) / this.shape : -Math.log(beyond);
    return this.threshold + this.scale * excess;
  }

  learn(value: number): void {
    this.window.push(Math.min(value, this.level(LEARNED_RARITY)));
    if (--this.untilFit > 0) return;
    this.fit();
    this.untilFit = Math.max(1, Math.floor(this.window.length * RENEWED));
  }

  private fit(): void {
    const count = this.window.length;
    if (count < ENOUGH) return;
    const sorted = this.window.sorted();
    this.share = Math.min(TAIL_AT_MOST, Math.max(TAIL, TAIL_VALUES / count));
    this.threshold = quantileSorted(sorted, 1 - this.share);
    const excesses = sorted.filter((value) => value > this.threshold).map((value) => value - this.threshold);
    const found = excesses.length;
    const sum = excesses.reduce((total, excess) => total + excess, 0);
    const believed = Math.max(NORMAL_EXCESS, this.threshold * BELIEF_OF_LEVEL);
    const mean = (sum + BELIEF * believed) / (found + BELIEF);
    this.shape = 0;
    if (found > 3) {
      const own = sum / found;
      const variance = excesses.reduce((total, excess) => total + (excess - own) ** 2, 0) / found;
      const shape = variance > 0 ? (1 - own ** 2 / variance) / 2 : 0;
      this.shape = (Math.min(HEAVIEST, Math.max(0, shape)) * found) / (found + BELIEF);
    }
    this.scale = mean * (1 - this.shape);
  }
}
