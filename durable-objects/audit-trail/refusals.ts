// Refused tries are told, but a flood of them does not fill the trail: beyond some an hour they are counted, and the next
// that is told says how many were not.
import type { Act } from "../../workers/domain/audit.ts";

const HOUR_MS = 3600_000;
export const REFUSALS_AN_HOUR = 200;

export interface RefusalCount {
  /** The act as it is to be written; null when there were too many this hour. */
  count(act: Act, now: number): Act | null;
}

export function createRefusalCount(): RefusalCount {
  let hour = 0;
  let told = 0;
  let untold = 0;
  return {
    count(act, now) {
      if (now - hour >= HOUR_MS) {
        hour = now;
        told = 0;
      }
      if (told >= REFUSALS_AN_HOUR) {
        untold++;
        return null;
      }
      told++;
      if (untold === 0) return act;
      const after = JSON.stringify({ refusalsNotTold: untold });
      untold = 0;
      return { ...act, after };
    },
  };
}
