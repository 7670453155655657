// When so many requests fail that somebody should look.
import { mergedTotals, noTotals, type Totals } from "./measures.ts";
import type { Tally } from "./tally.ts";

export const ERROR_LIMIT = 0.05;
/** Of fewer requests a share says little. */
const ENOUGH = 20;

function trouble(kind: string, what: string, { count, failed }: Tally): { kind: string; reason: string }[] {
  if (count < ENOUGH || failed / count <= ERROR_LIMIT) return [];
  const share = ((failed / count) * 100).toFixed(1);
  return [{ kind, reason: `${share} % of ${count} ${what} failed; the Worker's log says why` }];
}

/** What is wrong with a few minutes, by kind. */
export function errorTrouble(slots: readonly Totals[]): { kind: string; reason: string }[] {
  const { api, collect } = slots.reduce(mergedTotals, noTotals());
  return [...trouble("api errors", "requests to the API", api), ...trouble("collect errors", "beacons", collect)];
}
