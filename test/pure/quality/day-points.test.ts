import { expect, it, vi } from "vitest";
import { readPoints } from "../../../workers/quality/day-points.ts";
import { aSite } from "../../support/shards.ts";

const from = Date.UTC(2026, 10, 20);
const day = { date: "2026-11-20", from, to: from + 86_400_000 };
const asked = { site: aSite(), day, now: from + 90_000_000 };

it("the day's events are what its points stand for, and none are counted where there is no point", async () => {
  const statements: string[] = [];
  const reply = (row: Record<string, string | number>) => async (sql: string) => {
    statements.push(sql);
    return [row];
  };
  expect(await readPoints(reply({ events: "1200", points: "300", weight: "1250" }), asked)).toEqual({
    events: 1200,
    points: 300,
  });
  expect(statements[0]).toContain(`>= ${from} AND`);
  expect(await readPoints(reply({ events: "0", points: "0", weight: "0" }), asked)).toEqual({ events: 0, points: 0 });
});

it("an Analytics Engine that is not bound or does not answer says nothing of the data", async () => {
  const complaint = vi.spyOn(console, "error").mockImplementation(() => undefined);
  expect(await readPoints(null, asked)).toBeNull();
  expect(await readPoints(() => Promise.reject(new Error("busy")), asked)).toBeNull();
  expect(complaint).toHaveBeenCalledOnce();
  complaint.mockRestore();
});
