// Records how long an operation took and whether it failed, and is otherwise not there: it adds no wait, hands results and
// errors on as they are, and what fails in recording is swallowed.
import type { MeasureName } from "../../domain/measures.ts";
import { observe } from "./gather.ts";

type Recorder = (name: MeasureName, ms: number, added?: { outcome: "done" | "failed" }) => void;

export type Timer = <T>(name: MeasureName, operation: () => Promise<T>) => Promise<T>;

export function createTimed(record: Recorder, clock: () => number): Timer {
  const told = (name: MeasureName, began: number, outcome: "done" | "failed"): void => {
    try {
      record(name, clock() - began, { outcome });
    } catch {
      // Measuring is not worth a failure of what is measured.
    }
  };
  return async (name, operation) => {
    const began = clock();
    try {
      const result = await operation();
      told(name, began, "done");
      return result;
    } catch (error) {
      told(name, began, "failed");
      throw error;
    }
  };
}

export const timed: Timer = createTimed(observe, Date.now);
