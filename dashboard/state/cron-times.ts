// Local times of a pattern of five fields. Loaded only where somebody writes one.
import { Cron } from "croner";
import type { LocalTimes } from "./report-moments.ts";

/** Throws what is wrong with the pattern. Read as if local time were UTC, so that it knows no clocks that are set. */
export function cronTimes(pattern: string): LocalTimes {
  const cron = new Cron(pattern, { mode: "5-part", timezone: "UTC", paused: true });
  return function* times(from) {
    let last = new Date(Date.parse(`${from}T00:00:00Z`) - 1);
    for (;;) {
      const next = cron.nextRun(last);
      if (!next) return;
      yield next.toISOString().slice(0, 16).replace("T", " ");
      last = next;
    }
  };
}
