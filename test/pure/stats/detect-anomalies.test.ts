import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../workers/local/simulator/random.ts";
import { anomalyDetector, detectAnomalies, type SeriesPoint } from "../../../workers/stats/detect-anomalies.ts";
import { fixturesDir, readFixture } from "../../support/fixtures.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.UTC(2026, 0, 5);

/** Hourly counts with a day and a week in them. */
function hourly(days: number, change: (hour: number, count: number) => number = (_, count) => count): SeriesPoint[] {
  const random = seededRandom("hours of a week");
  return Array.from({ length: days * 24 }, (_, hour) => {
    const ofDay = 200 + 150 * Math.sin(((hour % 24) / 24) * 2 * Math.PI);
    const ofWeek = Math.floor(hour / 24) % 7 < 5 ? 1 : 0.6;
    return { at: FROM + hour * HOUR_MS, value: change(hour, random.poisson(ofDay * ofWeek)) };
  });
}

const alarms = (series: SeriesPoint[]) =>
  detectAnomalies(series, { intervalMs: HOUR_MS })
    .filter(({ anomalous }) => anomalous)
    .map(({ at, reason }) => ({ hour: (at - FROM) / HOUR_MS, reason }));

describe("anomalies of an hourly series", () => {
  it("are none in ten quiet weeks", () => expect(alarms(hourly(70))).toEqual([]));

  it("are a spike and a drop, each at its hour", () => {
    const found = alarms(hourly(56, (hour, count) => (hour === 1000 ? 3 * count : hour === 1200 ? 0 : count)));
    expect(found).toEqual([
      { hour: 1000, reason: "spike" },
      { hour: 1200, reason: "drop" },
    ]);
  });

  it("are a shift of level at its beginning, and not for ever", () => {
    const found = alarms(hourly(84, (hour, count) => (hour >= 1008 ? 2 * count : count)));
    expect(found[0]?.hour).toBeLessThan(1008 + 12);
    expect(found[0]?.hour).toBeGreaterThanOrEqual(1008);
    expect(found.filter(({ hour }) => hour > 1008 + 14 * 24)).toEqual([]);
  });

  it("are judged by the past alone: what comes later changes nothing", () => {
    const series = hourly(35);
    const whole = detectAnomalies(series, { intervalMs: HOUR_MS });
    const detector = anomalyDetector({ intervalMs: HOUR_MS });
    expect(series.slice(0, 600).map(detector)).toEqual(whole.slice(0, 600));
    const otherEnd = series.map((point, index) => (index < 600 ? point : { ...point, value: 9999 }));
    expect(detectAnomalies(otherEnd, { intervalMs: HOUR_MS }).slice(0, 600)).toEqual(whole.slice(0, 600));
  });

  it("are outside of the bounds that are given with each point", () => {
    const judged = detectAnomalies(
      hourly(56, (hour, count) => (hour === 1000 ? 3 * count : count)),
      { intervalMs: HOUR_MS },
    );
    const spike = judged[1000];
    expect(spike?.value).toBeGreaterThan(spike?.high ?? Number.NaN);
    const calm = judged.slice(900, 999);
    expect(calm.filter(({ value, low, high }) => value! >= low! && value! <= high!).length).toBe(calm.length);
  });

  it("leave points alone at which nothing was measured, and say what was expected there", () => {
    const judged = detectAnomalies(
      hourly(35).map((point, index) => (index === 700 ? { ...point, value: null } : point)),
      { intervalMs: HOUR_MS },
    );
    expect(judged[700]).toMatchObject({ score: 0, anomalous: false, reason: null });
    expect(judged[700]?.expected).toBeGreaterThan(judged[700]?.low ?? Number.NaN);
    expect(judged[700]?.expected).toBeLessThan(judged[700]?.high ?? Number.NaN);
  });

  it("have bounds that are as wide as is asked for, and the same alarms", () => {
    const options = { intervalMs: HOUR_MS, rarity: 0.005 };
    const judged = detectAnomalies(hourly(70), options).slice(42 * 24);
    const outside = judged.filter(({ value, low, high }) => value! < low! || value! > high!);
    expect(outside.length / judged.length).toBeGreaterThan(0.002);
    expect(outside.length / judged.length).toBeLessThan(0.02);
    expect(judged.filter(({ anomalous }) => anomalous)).toEqual([]);
  });

  it("follow local days when the clock changes", () => {
    // Local time is an hour ahead from the 29th of March on; traffic follows it.
    const change = Date.UTC(2026, 2, 29, 1);
    const offsetAt = (at: number) => (at >= change ? 2 : 1) * HOUR_MS;
    const series = hourly(120).map(({ at, value }) => ({ at: at - offsetAt(at), value }));
    const once = [...new Map(series.map((point) => [point.at, point])).values()].sort((a, b) => a.at - b.at);
    const found = detectAnomalies(once, { intervalMs: HOUR_MS, offsetAt }).filter(({ anomalous }) => anomalous);
    expect(found).toEqual([]);
  });
});

describe.skipIf(!fixturesDir)("anomalies of real daily visits", () => {
  const rows = (): Record<string, string>[] =>
    parse(readFixture("forecast/analytics_usa_gov_daily_visits_shared.csv"), { columns: true });
  /** Federal holidays, and the days around them on which offices are closed. */
  const HOLIDAYS = /^(?:2023-(?:10-09|11-1[01]|11-2[2-4]|12-2[2-6]|12-29|12-3[01])|2024-01-0[12])$/;
  const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);
  const series = (agency: string) =>
    rows().map((row) => ({ at: Date.parse(row.date ?? ""), value: Number(row[agency]) }));
  const found = (agency: string) =>
    detectAnomalies(series(agency), { intervalMs: DAY_MS, isExceptional: (at) => HOLIDAYS.test(dateOf(at)) })
      .filter(({ anomalous }) => anomalous)
      .map(({ at, reason }) => `${dateOf(at)} ${reason}`);
  /** Their outbreaks, which are none of a clean stretch: World AIDS Day, a new form for students, news of December. */
  const OUTBREAKS = ["agency_international_development", "education", "national_science_foundation"];

  it("are at most one between the holidays, over the agencies without an outbreak", () => {
    const agencies = Object.keys(rows()[0] ?? {}).filter((name) => name !== "date" && !OUTBREAKS.includes(name));
    const between = agencies
      .flatMap((agency) => found(agency))
      .filter((alarm) => alarm > "2023-11-25" && alarm < "2023-12-22");
    expect(agencies).toHaveLength(11);
    expect(between.length).toBeLessThanOrEqual(1);
  });

  it("are the outbreaks that there were", () => {
    expect(found("agency_international_development")[0]).toBe("2023-12-02 spike");
    expect(found("education")[0]).toMatch(/^2023-12-31/);
  });

  it("are few in eight years of a page's logarithmic views", () => {
    const views: Record<string, string>[] = parse(readFixture("forecast/wp_log_peyton_manning.csv.gz"), {
      columns: true,
    });
    const points = views.map(({ ds = "", y }) => ({ at: Date.parse(ds), value: Number(y) }));
    const alarming = detectAnomalies(points, { intervalMs: DAY_MS }).filter(({ anomalous }) => anomalous);
    expect(points.length).toBe(2905);
    expect(alarming.length).toBeLessThan(20);
  }, 60_000);
});
