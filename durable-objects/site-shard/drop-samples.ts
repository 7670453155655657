// Samples of what was refused, held in memory and told to D1 when first seen and each time they have doubled: a flood of
// refusals then costs a few rows. What the memory forgets, when the object sleeps, was told before; a count is at least that.
import { splitDrop } from "../../workers/domain/drop-reason.ts";
import { DAY_MS, type DropSample } from "../../workers/store/drop-samples.ts";

/** Of each reason a day; the counts by reason tell of all. */
const MOST_OF_REASON = 20;

interface Held extends DropSample {
  told: number;
}

export interface DropSamples {
  add(name: string, count: number, now: number): void;
  settle(write: (samples: DropSample[]) => Promise<void>): Promise<void>;
}

export function createDropSamples(): DropSamples {
  let today = 0;
  let held = new Map<string, Held>();
  let ofReason = new Map<string, number>();

  return {
    add(name, count, now) {
      const { reason, detail } = splitDrop(name);
      if (detail === "") return;
      const day = Math.floor(now / DAY_MS) * DAY_MS;
      if (day !== today) {
        today = day;
        held = new Map();
        ofReason = new Map();
      }
      const known = held.get(name);
      if (known) {
        known.count += count;
        return;
      }
      const kinds = ofReason.get(reason) ?? 0;
      if (kinds >= MOST_OF_REASON) return;
      ofReason.set(reason, kinds + 1);
      held.set(name, { day, reason, detail, count, told: 0 });
    },
    async settle(write) {
      const due = [...held.values()].filter(({ count, told }) => count >= 2 * told && count > told);
      if (due.length === 0) return;
      const counts = due.map(({ count }) => count);
      await write(due.map(({ day, reason, detail, count }) => ({ day, reason, detail, count })));
      for (const [index, sample] of due.entries()) sample.told = counts[index] ?? 0;
    },
  };
}
