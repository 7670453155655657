// Against the calendar of the platform itself: what a clock on the wall shows at each minute.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReportWhen } from "../../../workers/domain/report-schedule.ts";
import { cronProblem, lastDue, nextDue } from "../../../workers/reports/due-moments.ts";

type Timed = Exclude<ReportWhen, { every: "alert" }>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham"];
/** A month around both switches of each of them, in 2026. */
const MONTHS = [Date.UTC(2026, 2, 6), Date.UTC(2026, 2, 20), Date.UTC(2026, 8, 14), Date.UTC(2026, 9, 10)];
const MONTH_MS = 31 * DAY_MS;

const twoDigits = (value: number) => String(value).padStart(2, "0");
const clock = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${twoDigits(hour)}:${twoDigits(minute)}`);
/** Where clocks are set, more often than chance has it. */
const nightly = fc.tuple(fc.nat(3), fc.constantFrom(0, 15, 30, 45)).map(([h, m]) => `0${h}:${twoDigits(m)}`);
const at = fc.oneof(clock, nightly);
const when: fc.Arbitrary<Timed> = fc.oneof(
  fc.record({ every: fc.constant("day" as const), at }),
  fc.record({ every: fc.constant("week" as const), weekday: fc.integer({ min: 1, max: 7 }), at }),
  fc.record({ every: fc.constant("month" as const), day: fc.integer({ min: 1, max: 31 }), at }),
  fc.record({
    every: fc.constant("cron" as const),
    cron: fc.constantFrom(
      "0 * * * *",
      "30 2 * * *",
      "15 1-3 * * 0",
      "0 8 * * 1-5",
      "45 */6 1,15,L * *",
      "5 2 * 3,10 *",
    ),
  }),
);

const walls = new Map<string, string[]>();
/** What the wall shows at each minute of a month, and one before it: `2026-03-29 02:30`. */
function wallOf(timeZone: string, from: number): string[] {
  const key = `${timeZone} ${from}`;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const all =
    walls.get(key) ??
    Array.from({ length: MONTH_MS / MINUTE_MS + 1 }, (_, minute) => format.format(from + (minute - 1) * MINUTE_MS));
  walls.set(key, all);
  return all;
}

function isCron(text: string, cron: string): boolean {
  const [date = "", time = ""] = text.split(" ");
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minute] = time.split(":").map(Number) as [number, number];
  const weekday = new Date(`${date}T00:00Z`).getUTCDay();
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const has = (field: string, value: number) =>
    field.split(",").some((one) => {
      if (one === "*") return true;
      if (one === "L") return value === lastDay;
      if (one.startsWith("*/")) return value % Number(one.slice(2)) === 0;
      const [from, to = from] = one.split("-").map(Number);
      return value >= from! && value <= to!;
    });
  const [m, h, d, mo, w] = cron.split(" ") as [string, string, string, string, string];
  return has(m, minute) && has(h, hour) && has(d, day) && has(mo, month) && has(w, weekday);
}

function isWanted(text: string, asked: Timed): boolean {
  if (asked.every === "cron") return isCron(text, asked.cron);
  const [date = "", time = ""] = text.split(" ");
  if (time !== asked.at) return false;
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  if (asked.every === "week") return (new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7 === asked.weekday - 1;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return asked.every === "day" || day === Math.min(asked.day, lastDay);
}

const nextMinute = (text: string): string =>
  new Date(Date.parse(`${text.replace(" ", "T")}Z`) + MINUTE_MS).toISOString().slice(0, 16).replace("T", " ");

/** By looking at the wall clock each minute: a time is told when it first comes, those that are leapt over where it leaps. */
function seen(asked: Timed, timeZone: string, from: number): number[] {
  const found: number[] = [];
  let [furthest = "", ...wall] = wallOf(timeZone, from);
  for (const [minute, now] of wall.entries()) {
    if (now <= furthest) continue;
    let isDue = false;
    for (let one = nextMinute(furthest); one <= now; one = nextMinute(one)) isDue ||= isWanted(one, asked);
    if (isDue) found.push(from + minute * MINUTE_MS);
    furthest = now;
  }
  return found;
}

describe("due moments", () => {
  it("are those of the clock on the wall, each once, over both switches of five zones", () => {
    const anywhere = fc.record({ when, timeZone: fc.constantFrom(...ZONES), from: fc.constantFrom(...MONTHS) });
    fc.assert(
      fc.property(anywhere, ({ when, timeZone, from }) => {
        const told: number[] = [];
        for (let at = from - 1; ; ) {
          const next = nextDue(when, timeZone, at);
          if (next === null || next >= from + MONTH_MS) break;
          told.push(next);
          at = next;
        }
        expect(told).toEqual(seen(when, timeZone, from));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it("last is the one before next, wherever one asks", () => {
    const asked = fc.record({
      when,
      timeZone: fc.constantFrom(...ZONES),
      at: fc.integer({ min: MONTHS[0]!, max: MONTHS[3]! }),
    });
    fc.assert(
      fc.property(asked, ({ when, timeZone, at }) => {
        const last = lastDue(when, timeZone, at)!;
        expect(last).toBeLessThanOrEqual(at);
        const next = nextDue(when, timeZone, last)!;
        expect(next).toBeGreaterThan(at);
        expect(nextDue(when, timeZone, at)).toBe(next);
        expect(lastDue(when, timeZone, next)).toBe(next);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it("a time that is leapt over is the next that exists, one that comes twice the first", () => {
    const daily = { every: "day", at: "02:30" } as const;
    const of = (iso: string) => new Date(nextDue(daily, "Europe/Berlin", Date.parse(iso))!).toISOString();
    expect(of("2026-03-28T12:00:00Z")).toBe("2026-03-29T01:00:00.000Z");
    expect(of("2026-10-24T12:00:00Z")).toBe("2026-10-25T00:30:00.000Z");
    expect(of("2026-10-25T00:30:00Z")).toBe("2026-10-26T01:30:00.000Z");
  });

  it("a day that a month lacks is its last; what never comes is none", () => {
    const monthly = { every: "month", day: 31, at: "08:00" } as const;
    const of = (iso: string) => new Date(nextDue(monthly, "UTC", Date.parse(iso))!).toISOString();
    expect(of("2028-02-01T00:00:00Z")).toBe("2028-02-29T08:00:00.000Z");
    expect(nextDue({ every: "cron", cron: "0 0 31 2 *" }, "UTC", 0)).toBeNull();
    expect(lastDue({ every: "cron", cron: "0 0 29 2 *" }, "UTC", Date.parse("2026-11-28T00:00:00Z"))).toBe(
      Date.parse("2024-02-29T00:00:00Z"),
    );
    expect(nextDue({ every: "alert", ruleIds: ["r"] }, "UTC", 0)).toBeNull();
  });

  it("patterns that cannot be kept are refused with the remedy", () => {
    expect(cronProblem("0 8 * * 1")).toBeNull();
    expect(cronProblem("*/5 * * * *")).toContain("one minute");
    expect(cronProblem("0 8 * *")).toContain("five fields");
    expect(cronProblem("0 8 31 2 *")).toContain("no day");
    expect(cronProblem("0 99 * * *")).toContain("cannot be read");
  });
});
