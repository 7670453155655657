import { describe, expect, it } from "vitest";
import { beaconSchema, importedEventSchema, importSchema } from "../../../workers/domain/beacon.ts";
import { fieldErrors } from "../../../workers/domain/errors.ts";

const beacon = { site: "shop", name: "pageview", url: "https://shop.example.com/" };

function paths(
  value: unknown,
  schema: { safeParse(value: unknown): ReturnType<typeof beaconSchema.safeParse> } = beaconSchema,
) {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : fieldErrors(parsed.error.issues).map((error) => error.path);
}

describe("a beacon", () => {
  it("needs only site, name and address", () => {
    expect(beaconSchema.parse(beacon)).toEqual(beacon);
    expect(paths({})).toEqual(["site", "name", "url"]);
  });

  it("may carry fields of a newer tracker", () => {
    expect(beaconSchema.parse({ ...beacon, future: 1 })).toEqual(beacon);
  });

  it("says when it happened in milliseconds or ISO 8601", () => {
    expect(beaconSchema.parse({ ...beacon, at: 1.5 }).at).toBe(1.5);
    expect(beaconSchema.parse({ ...beacon, at: "2026-11-21T13:00:00+01:00" }).at).toBe(Date.UTC(2026, 10, 21, 12));
    expect(paths({ ...beacon, at: "yesterday" })).toEqual(["at"]);
    expect(paths({ ...beacon, at: "2026-11-21T13:00:00" })).toEqual(["at"]);
  });

  it.each([
    [19.9, 19.9],
    ["1322.22", 1322.22],
    [" -5 ", -5],
  ])("takes the amount %j", (amount, expected) => {
    expect(beaconSchema.parse({ ...beacon, revenue: { amount, currency: "EUR" } }).revenue?.amount).toBe(expected);
  });

  it.each([[null], [""], ["1e400"], ["ten"], [true], [[]], [Number.POSITIVE_INFINITY]])(
    "refuses the amount %j",
    (amount) => {
      expect(paths({ ...beacon, revenue: { amount, currency: "EUR" } })).toEqual(["revenue.amount"]);
    },
  );

  it.each([
    [{ props: { a: "x".repeat(2001) } }, /^props\.a/],
    [{ props: { "": 1 } }, /^props/],
    [{ props: { a: Array.from({ length: 101 }, () => 1) } }, /^props\.a/],
    [{ props: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`k${i}`, i])) }, /^props$/],
    [{ engagement: -1 }, /^engagement$/],
    [{ scroll: 101 }, /^scroll$/],
    [{ consent: { analytics: "yes" } }, /^consent\.analytics$/],
    [{ id: "x".repeat(65) }, /^id$/],
    [{ site: "../other" }, /^site$/],
  ])("refuses %j", (changes, path) => {
    expect(paths({ ...beacon, ...changes })).toEqual([expect.stringMatching(path)]);
  });
});

describe("a line of history", () => {
  it("needs its position, time and visitor", () => {
    const line = { name: "pageview", url: "https://a.example/" };
    const parsed = importedEventSchema.safeParse(line);
    expect(fieldErrors(parsed.error?.issues ?? []).map((error) => error.path)).toEqual(["line", "at", "visitor"]);
  });
});

describe("an import", () => {
  it("drops bots and keeps the given visitors unless told otherwise", () => {
    const { import: options } = importSchema.parse({ import: { id: "history-1", label: "Old log" }, events: [] });
    expect(options).toEqual({ id: "history-1", label: "Old log", visitors: "given", bots: "drop" });
  });

  it("has an id that is safe in a path", () => {
    expect(importSchema.safeParse({ import: { id: "../../x", label: "x" }, events: [] }).success).toBe(false);
  });
});
