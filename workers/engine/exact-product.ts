// A product as two doubles that together are exactly it (Dekker 1971, with Veltkamp's splitting), for sums that must not
// depend on how their terms were gathered. For factors up to 1e150.

import { addExactly, type ExactSum } from "./exact-sum.ts";

const SPLITTER = 2 ** 27 + 1;

function split(value: number): [high: number, low: number] {
  const scaled = value * SPLITTER;
  const high = scaled - (scaled - value);
  return [high, value - high];
}

/** Adds `value` so many times, exactly, in place. */
export function addProduct(sum: ExactSum, value: number, times: number): void {
  const product = value * times;
  const [high, low] = split(value);
  const [timesHigh, timesLow] = split(times);
  const rest = low * timesLow - (product - high * timesHigh - low * timesHigh - high * timesLow);
  addExactly(sum, product);
  if (rest !== 0) addExactly(sum, rest);
}
