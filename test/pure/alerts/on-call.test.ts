import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, it } from "vitest";
import { onCallAt, rosterOf, shiftsOf } from "../../../workers/alerts/on-call.ts";
import { type NewRotation, rotationSchema } from "../../../workers/domain/on-call.ts";

const HOUR_MS = 3600_000;
const person = (name: string) => ({ name, channels: ["c"] });
const ALL = ["Ada", "Bob", "Cyd"].map(person);

const aRotation = (fields: Record<string, unknown> = {}): NewRotation =>
  rotationSchema.parse({ name: "Web", start: "2026-11-02", people: ALL, ...fields });
const local = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;

describe("a rotation", () => {
  it("hands over on its weekday, at its local time", () => {
    const rotation = aRotation({ timeZone: "Europe/Berlin" });
    const who = (text: string) => onCallAt(rotation, local(`${text}[Europe/Berlin]`)).person?.name;
    expect(who("2026-11-02T08:59")).toBe("Cyd");
    expect(who("2026-11-02T09:00")).toBe("Ada");
    expect(who("2026-11-09T08:59")).toBe("Ada");
    expect(who("2026-11-09T09:00")).toBe("Bob");
    expect(who("2026-11-23T09:00")).toBe("Ada");
    expect(who("2026-10-26T12:00")).toBe("Cyd");
  });

  it("keeps its hour by the clock on the wall where that is put forward and back", () => {
    const berlin = aRotation({ timeZone: "Europe/Berlin", every: "day", start: "2026-03-27" });
    const from = local("2026-03-28T09:00[Europe/Berlin]");
    const spring = shiftsOf(berlin, { from, until: from + 60 * HOUR_MS });
    expect(spring.map((shift) => (shift.until - shift.from) / HOUR_MS)).toEqual([23, 24, 24]);
    const autumnFrom = local("2026-10-24T09:00[Europe/Berlin]");
    const autumn = shiftsOf(berlin, { from: autumnFrom, until: autumnFrom + 26 * HOUR_MS });
    expect(autumn.map((shift) => (shift.until - shift.from) / HOUR_MS)).toEqual([25, 24]);
    expect(spring.map((one) => one.person)).toEqual(["Bob", "Cyd", "Ada"]);
  });

  it("hands over as much later where the clock leaps over the time", () => {
    const rotation = aRotation({ timeZone: "Europe/Berlin", every: "day", at: "02:30" });
    const [first] = shiftsOf(rotation, {
      from: local("2026-03-29T12:00[Europe/Berlin]"),
      until: local("2026-03-29T13:00[Europe/Berlin]"),
    });
    expect(first?.from).toBe(local("2026-03-29T03:30[Europe/Berlin]"));
  });

  it("is taken over by who stands in, and the later of two counts", () => {
    const [from, until] = [local("2026-11-03T12:00[UTC]"), local("2026-11-03T18:00[UTC]")];
    const overrides = [
      { from, until, person: "Bob" },
      { from: from + HOUR_MS, until: until - HOUR_MS, person: "Cyd" },
    ];
    const rotation = aRotation({ overrides });
    const shifts = shiftsOf(rotation, { from: from - HOUR_MS, until: until + HOUR_MS });
    expect(shifts.map((shift) => [shift.person, shift.isOverride, (shift.until - shift.from) / HOUR_MS])).toEqual([
      ["Ada", false, 27],
      ["Bob", true, 1],
      ["Cyd", true, 4],
      ["Bob", true, 1],
      ["Ada", false, 135],
    ]);
  });

  it("is given back where who stands in leaves after the last moment that is asked for", () => {
    const [from, until] = [local("2026-11-03T12:00[UTC]"), local("2026-11-03T18:00[UTC]")];
    const rotation = aRotation({ overrides: [{ from, until, person: "Bob" }] });
    expect(shiftsOf(rotation, { from, until: from + HOUR_MS })).toEqual([
      { from, until, person: "Bob", isOverride: true, skipped: [] },
    ]);
  });

  it("has members by the names that they have now, stand-ins too, and skips who has left", () => {
    const at = local("2026-11-03T12:00[UTC]");
    const members = ["Ada", "Bob"].map((name) => ({ name, member: name.toLowerCase(), channels: [] }));
    const overrides = [{ from: at, until: at + HOUR_MS, person: "Ada" }];
    const rotation = aRotation({ people: [...members, person("Cyd")], overrides });
    const told = (names: Record<string, string>, when = at) => {
      const { person: who, isOverride, skipped } = onCallAt(rosterOf(rotation, new Map(Object.entries(names))), when);
      return [who?.name ?? null, isOverride, skipped];
    };
    expect(told({ ada: "Ada L.", bob: "Bob" })).toEqual(["Ada L.", true, []]);
    expect(told({ bob: "Bob" })).toEqual(["Bob", false, ["Ada"]]);
    expect(told({})).toEqual(["Cyd", false, ["Ada", "Bob"]]);
    // Of two with one name each stays who they are.
    expect(told({ ada: "Bob", bob: "Bob" })).toEqual(["Ada", true, []]);
    const alone = rosterOf(aRotation({ people: members.slice(0, 1) }), new Map());
    expect(onCallAt(alone, at)).toEqual({ person: null, isOverride: false, skipped: ["Ada"] });
  });

  it("leaves no moment without somebody, and says in its shifts what it says of each moment", () => {
    const day = fc.integer({ min: 0, max: 700 });
    const [begin, zones] = [Date.UTC(2026, 0, 1), ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]];
    fc.assert(
      fc.property(
        fc.record({
          timeZone: fc.constantFrom(...zones),
          every: fc.constantFrom("day", "week"),
          at: fc.constantFrom("00:00", "02:30", "09:00", "23:59"),
          people: fc.integer({ min: 1, max: 3 }).map((count) => ALL.slice(0, count)),
          overrides: fc.array(
            fc.tuple(day, fc.integer({ min: 1, max: 200 })).map(([from, hours]) => ({
              from: begin + from * 24 * HOUR_MS,
              until: begin + from * 24 * HOUR_MS + hours * HOUR_MS,
              person: "Ada",
            })),
            { maxLength: 4 },
          ),
        }),
        day,
        (fields, days) => {
          const rotation = aRotation(fields);
          const from = begin + days * 24 * HOUR_MS;
          const until = from + 20 * 24 * HOUR_MS;
          const shifts = shiftsOf(rotation, { from, until });
          expect(shifts[0]!.from).toBeLessThanOrEqual(from);
          expect(shifts.at(-1)!.until).toBeGreaterThanOrEqual(until);
          for (const [index, shift] of shifts.entries()) {
            if (index > 0) expect(shift.from).toBe(shifts[index - 1]!.until);
            for (const at of [shift.from, shift.until - 1]) {
              if (at >= from) expect(onCallAt(rotation, at).person?.name).toBe(shift.person);
            }
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("is refused where somebody is in it twice, or stands in without being in it", () => {
    const twice = rotationSchema.safeParse({ ...aRotation(), people: [person("Ada"), person("Ada")] });
    expect(twice.error?.issues).toMatchObject([{ path: ["people", 1, "name"] }]);
    const overrides = [{ from: 1, until: 2, person: "Dan" }];
    const stranger = rotationSchema.safeParse({ ...aRotation(), overrides });
    expect(stranger.error?.issues).toMatchObject([{ path: ["overrides", 0, "person"] }]);
  });
});
