import { expect, it } from "vitest";
import { meterOf } from "../../../workers/domain/bill.ts";

it("bills what is beyond what the paid plan includes", () => {
  expect(meterOf({ workerRequests: 12_000_000, d1RowsWritten: 1_000 }, "paid")).toEqual([
    { name: "workerRequests", used: 12_000_000, included: 10_000_000, dollars: 0.6 },
    { name: "d1RowsWritten", used: 1_000, included: 50_000_000, dollars: 0 },
  ]);
});

it("shows the free plan's limits of a day, and bills nothing", () => {
  expect(meterOf({ workerRequests: 150_000, d1Bytes: 5 }, "free")).toEqual([
    { name: "workerRequests", used: 150_000, included: 100_000, dollars: 0 },
    { name: "d1Bytes", used: 5, included: null, dollars: 0 },
  ]);
});
