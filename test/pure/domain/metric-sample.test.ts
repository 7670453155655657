import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countersOf, type MetricSample, type SentCounters, withAdded } from "../../../workers/domain/metric-sample.ts";

const aCounter = (value: number, since = 0, labels: Record<string, string> = {}): MetricSample => ({
  name: "edgewise_site_events",
  about: "",
  unit: "count",
  labels,
  value,
  since,
});
const addedTo = (before: SentCounters, sample: MetricSample) =>
  withAdded([sample], { before, sentAt: 60_000 })[0]!.added;

describe("what was added to a counter", () => {
  it("is unknown the first time, and of a gauge", () => {
    expect(addedTo({}, aCounter(7))).toBeNull();
    expect(addedTo(countersOf([aCounter(7)]), { ...aCounter(9), since: null })).toBeNull();
  });

  it("is the difference to what was sent of the same labels", () => {
    const before = countersOf([aCounter(7, 0, { site: "a" }), aCounter(100, 0, { site: "b" })]);
    expect(addedTo(before, aCounter(9, 0, { site: "a" }))).toEqual({ value: 2, from: 60_000 });
    expect(addedTo(before, aCounter(9, 0, { site: "c" }))).toBeNull();
  });

  it("is all of it where it has begun anew, and nothing where it was corrected", () => {
    const before = countersOf([aCounter(7)]);
    expect(addedTo(before, aCounter(3, 1))).toEqual({ value: 3, from: 60_000 });
    expect(addedTo(before, aCounter(3))).toBeNull();
    expect(addedTo(before, aCounter(7))).toEqual({ value: 0, from: 60_000 });
  });

  it("sums to what the counter grew by, however often it is looked at", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 1 }), (steps) => {
        let value = 0;
        let before = countersOf([aCounter(0)]);
        let sum = 0;
        for (const step of steps) {
          value += step;
          sum += addedTo(before, aCounter(value))!.value;
          before = countersOf([aCounter(value)]);
        }
        expect(sum).toBe(value);
      }),
    );
  });
});
