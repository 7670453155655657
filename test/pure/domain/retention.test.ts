import { describe, expect, it } from "vitest";
import {
  DEFAULT_RETENTION,
  type Inventory,
  keptFrom,
  planRetention,
  totalsOf,
} from "../../../workers/domain/retention.ts";

const NOW = Date.UTC(2026, 10, 27, 9);
const day = (date: string, live: number, imports = 0) => ({ date, live, imports, bytes: (live + imports) * 10 });
const nothing: Inventory = { held: [], archived: [], refusals: [], lake: true };

describe("months that are kept", () => {
  it.each([
    [13, NOW, "2025-10-27"],
    [1, Date.UTC(2026, 2, 31), "2026-02-28"],
    [1, Date.UTC(2028, 2, 31), "2028-02-29"],
    [12, Date.UTC(2028, 1, 29), "2027-02-28"],
    [1, Date.UTC(2026, 0, 1), "2025-12-01"],
    [null, NOW, null],
  ])("%s months of %s begin on %s", (months, now, first) => {
    expect(keptFrom(months, now)).toBe(first);
  });
});

describe("a run", () => {
  const held = [day("2025-10-26", 5, 7), day("2025-10-27", 6, 8), day("2026-11-01", 9)];

  it("removes whole days that are older than what is kept, and no imports", () => {
    expect(planRetention(DEFAULT_RETENTION, { ...nothing, held }, NOW)).toEqual([
      { type: "events", action: "remove", date: "2025-10-26", count: 5, bytes: 50 },
    ]);
  });

  it("archives instead, as long as the archive keeps them, imports for ever", () => {
    const retention = { ...DEFAULT_RETENTION, events: 1, archive: { afterDays: 30, months: 13 } };
    expect(planRetention(retention, { ...nothing, held }, NOW)).toEqual([
      { type: "imports", action: "archive", date: "2025-10-26", count: 7, bytes: 70 },
      { type: "events", action: "remove", date: "2025-10-26", count: 5, bytes: 50 },
      { type: "events", action: "archive", date: "2025-10-27", count: 6, bytes: 60 },
      { type: "imports", action: "archive", date: "2025-10-27", count: 8, bytes: 80 },
    ]);
    // Nothing is removed for want of a bucket that was asked for.
    expect(planRetention(retention, { ...nothing, held, lake: false }, NOW).map(({ action }) => action)).toEqual([
      "remove",
    ]);
  });

  it("leaves alone what was brought back, and removes from the archive what is over its time", () => {
    const archived = [
      { ...day("2025-10-26", 5, 7), restoredUntil: null },
      { ...day("2025-10-27", 0), restoredUntil: NOW + 1 },
    ];
    const retention = { ...DEFAULT_RETENTION, imports: 12, archive: { afterDays: 30, months: 13 } };
    const steps = planRetention(retention, { ...nothing, held: [day("2025-10-27", 6)], archived }, NOW);
    expect(totalsOf(steps)).toEqual([
      { type: "archive", action: "remove", days: 1, count: 5, bytes: 50 },
      { type: "archived_imports", action: "remove", days: 1, count: 7, bytes: 70 },
    ]);
    const switchedOff = { ...DEFAULT_RETENTION, events: 13 };
    expect(planRetention(switchedOff, { ...nothing, archived }, NOW).map(({ type }) => type)).toEqual(["archive"]);
  });
});
