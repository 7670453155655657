import { describe, expect, it } from "vitest";
import type { Event } from "../../../workers/domain/event.ts";
import { anEvent } from "../../support/events.ts";
import { portsOf, rowsOf } from "../../support/shards.ts";

const MINUTE = 60_000;
const GAP = 30 * MINUTE;
const DAY = Date.UTC(2026, 10, 20);
const MIDNIGHT = Date.UTC(2026, 10, 21);
const period = { date_range: ["2026-11-21", "2026-11-21"] } satisfies Parameters<typeof rowsOf>[1];
const both = { date_range: ["2026-11-20", "2026-11-21"] } satisfies Parameters<typeof rowsOf>[1];

const at = (...times: number[]): Event[] => times.map((time) => anEvent({ at: time }));

async function visits(events: Event[], range = both): Promise<unknown> {
  const [row] = await rowsOf(portsOf(events), { ...range, metrics: ["visits", "bounces", "visit_duration"] });
  return row;
}

describe("a session", () => {
  it("goes on after exactly half an hour and ends a millisecond later", async () => {
    expect(await visits(at(DAY, DAY + GAP))).toEqual([1, 0, 1800]);
    expect(await visits(at(DAY, DAY + GAP + 1))).toEqual([2, 2, 0]);
  });

  it("is not cut at midnight and counts on the day it began", async () => {
    const events = at(MIDNIGHT - MINUTE, MIDNIGHT + MINUTE);
    const rows = await rowsOf(portsOf(events), {
      ...both,
      dimensions: ["time:day"],
      metrics: ["visits", "pageviews", "views_per_visit"],
    });
    expect(rows).toEqual([
      ["2026-11-20", 1, 1, 2],
      ["2026-11-21", 0, 1, null],
    ]);
  });

  it("is prolonged by engagement, which starts none and is no event", async () => {
    const events = [
      ...at(DAY),
      anEvent({ at: DAY + 20 * MINUTE, name: "engagement" }),
      ...at(DAY + 50 * MINUTE),
      anEvent({ at: DAY + 81 * MINUTE, name: "engagement" }),
      anEvent({ at: DAY + 90 * MINUTE, name: "engagement" }),
    ];
    const metrics = ["visits", "events", "pageviews", "visit_duration"];
    expect(await rowsOf(portsOf(events), { ...both, metrics })).toEqual([[1, 2, 2, 3000]]);
  });

  it("takes its attributes from its first event and its pages from page views", async () => {
    const events = [
      anEvent({ at: DAY, name: "signup", path: "/form", source: "Google" }),
      anEvent({ at: DAY + 1, path: "/in", source: "Bing" }),
      anEvent({ at: DAY + 2, path: "/out" }),
      anEvent({ at: DAY + 3, name: "signup", path: "/form" }),
    ];
    const dimensions = ["visit:source", "visit:entry_page", "visit:exit_page"];
    expect(await rowsOf(portsOf(events), { ...both, dimensions, metrics: ["visits", "visitors", "events"] })).toEqual([
      ["Google", "/in", "/out", 1, 1, 4],
    ]);
  });
});

describe("at the edge of a period", () => {
  it.each([
    ["half an hour before", GAP, 0],
    ["a millisecond more", GAP + 1, 1],
  ])("an event %s the first decides whether a session begins", async (_, before, expected) => {
    const [row] = await rowsOf(portsOf(at(MIDNIGHT - before, MIDNIGHT)), {
      ...period,
      metrics: ["visits", "visitors"],
    });
    expect(row).toEqual([expected, 1]);
  });

  it("a session that began hours before lends its attributes and is not counted", async () => {
    const chain = at(...Array.from({ length: 20 }, (_, i) => MIDNIGHT + MINUTE - i * GAP));
    const oldest = chain.at(-1)!;
    oldest.source = "Google";
    const rows = await rowsOf(portsOf(chain.reverse()), {
      ...period,
      dimensions: ["visit:source"],
      metrics: ["visitors", "pageviews", "visits"],
    });
    expect(rows).toEqual([["Google", 1, 1, 0]]);
  });

  it("a session that goes on for hours afterwards is whole", async () => {
    const chain = at(...Array.from({ length: 20 }, (_, i) => MIDNIGHT - 1 + i * GAP));
    const range = { ...both, date_range: ["2026-11-20", "2026-11-20"] as [string, string] };
    expect(await visits(chain, range)).toEqual([1, 0, (19 * GAP) / 1000]);
  });

  it("a break before the period is found even where other visitors' sessions reach far back", async () => {
    const other = Array.from({ length: 30 }, (_, i) => anEvent({ visitorId: "b", at: MIDNIGHT - i * GAP }));
    const own = at(MIDNIGHT - 3 * GAP, MIDNIGHT - 2 * GAP, MIDNIGHT + MINUTE);
    expect(await rowsOf(portsOf([...other, ...own]), { ...period, metrics: ["visits", "visitors"] })).toEqual([[1, 2]]);
  });
});
