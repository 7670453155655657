import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event } from "../../../workers/domain/event.ts";
import type { Rate } from "../../../workers/domain/rates.ts";
import { anEvent } from "../../support/events.ts";
import { aSite, ask, portsOf } from "../../support/shards.ts";

const HOUR = 3_600_000;
const NEW_YORK = "America/New_York";
const site = aSite({ shards: 2, currency: "EUR", timeZone: NEW_YORK });

let visitors = 0;
const pay = (at: string, amount: number, currency: string, country = "DE"): Event =>
  anEvent({
    name: "order",
    at: Date.parse(at),
    visitorId: (++visitors).toString(16).padStart(16, "0"),
    country,
    revenue: { amount, currency },
  });

const rates: Rate[] = [
  { currency: "USD", since: "2026-11-01", rate: 0.8 },
  { currency: "USD", since: "2026-11-20", rate: 0.9 },
  { currency: "GBP", since: "2026-11-20", rate: 1.25 },
];

const range = (first: string, last: string) => ({ date_range: [first, last] as [string, string] });
const metrics = ["total_revenue", "average_revenue"];

function valuesOf(answer: Awaited<ReturnType<typeof ask>>) {
  return answer.results.map(({ dimensions, metrics: values }) => [
    ...dimensions,
    ...values.map((value) => (typeof value === "object" && value ? `${value.value} ${value.currency}` : value)),
  ]);
}

describe("amounts of several currencies, at a site that has one of its own", () => {
  // In New York the first order of the 20th is made at 05:00 UTC.
  const events = [
    pay("2026-11-19T12:00:00Z", 100, "USD"),
    pay("2026-11-20T04:59:59Z", 10, "USD", "FR"),
    pay("2026-11-20T05:00:00Z", 100, "USD", "FR"),
    pay("2026-11-21T12:00:00Z", 40, "GBP"),
    pay("2026-11-21T12:00:00Z", 7, "EUR"),
  ];
  const ports = portsOf(events, { site, rates });

  it("are put into it by the rate of each order's local day", async () => {
    const all = await ask(ports, { ...range("2026-11-19", "2026-11-21"), metrics });
    expect(valuesOf(all)).toEqual([["235 EUR", "47 EUR"]]);
    expect(all.meta).not.toHaveProperty("metric_warnings");
    const first = await ask(ports, { ...range("2026-11-19", "2026-11-19"), metrics });
    expect(valuesOf(first)).toEqual([["88 EUR", "44 EUR"]]);
  });

  it("are so by any dimension, by time and in comparison", async () => {
    const asked = { ...range("2026-11-19", "2026-11-21"), metrics: ["total_revenue"] };
    const by = async (dimension: string) => valuesOf(await ask(ports, { ...asked, dimensions: [dimension] }));
    expect(await by("visit:country")).toEqual([
      ["DE", "137 EUR"],
      ["FR", "98 EUR"],
    ]);
    expect(await by("time:day")).toEqual([
      ["2026-11-19", "88 EUR"],
      ["2026-11-20", "90 EUR"],
      ["2026-11-21", "57 EUR"],
    ]);
    expect(await by("time:month")).toEqual([["2026-11-01", "235 EUR"]]);
    const include = { comparisons: { mode: "previous_period" as const } };
    const { results } = await ask(ports, { ...range("2026-11-20", "2026-11-20"), metrics: ["total_revenue"], include });
    expect(results[0]!.comparison).toMatchObject({
      metrics: [{ value: 88, currency: "EUR" }],
      change: [(100 * 2) / 88],
    });
  });

  it("are null before the first rate, with a warning of which is missing", async () => {
    const early = portsOf([...events, pay("2026-10-31T12:00:00Z", 5, "USD", "US")], { site, rates });
    const { results, meta } = await ask(early, { ...range("2026-10-01", "2026-11-21"), metrics: ["total_revenue"] });
    expect(results[0]!.metrics).toEqual([null]);
    expect(meta.metric_warnings).toEqual({
      total_revenue: { code: "no_rate", warning: expect.stringContaining("of USD from before any rate to EUR") },
    });
  });

  it("are none where nobody paid, and told so in the site's currency", async () => {
    expect(valuesOf(await ask(ports, { ...range("2026-11-05", "2026-11-06"), metrics }))).toEqual([["0 EUR", null]]);
  });

  it("add up by day to the whole, whatever the rates", async () => {
    const payment = fc.record({
      hour: fc.integer({ min: 0, max: 95 }),
      amount: fc.integer({ min: 1, max: 1000 }),
      currency: fc.constantFrom("USD", "GBP", "EUR"),
    });
    const someRates = fc.array(
      fc.record({
        currency: fc.constantFrom("USD", "GBP"),
        since: fc.constantFrom("2026-11-18", "2026-11-19", "2026-11-20"),
        rate: fc.constantFrom(0.5, 0.75, 1.25, 2),
      }),
      { maxLength: 4 },
    );
    const cases = fc.asyncProperty(fc.array(payment, { minLength: 1 }), someRates, async (payments, own) => {
      const known = [
        ...own,
        { currency: "USD", since: "2026-01-01", rate: 1 },
        { currency: "GBP", since: "2026-01-01", rate: 4 },
      ];
      const start = Date.parse("2026-11-18T05:00:00Z");
      const made = payments.map(({ hour, amount, currency }) =>
        pay(new Date(start + hour * HOUR).toISOString(), amount, currency),
      );
      const asked = { ...range("2026-11-18", "2026-11-21"), metrics: ["total_revenue"] };
      const paying = portsOf(made, { site, rates: known });
      const amount = (value: unknown) => (value as { value: number }).value; // every rate is there
      const whole = await ask(paying, asked);
      const days = await ask(paying, { ...asked, dimensions: ["time:day"] });
      const sum = days.results.reduce((total, row) => total + amount(row.metrics[0]), 0);
      const byHand = payments.reduce((total, payment) => {
        const day = new Date(start + payment.hour * HOUR - 5 * HOUR).toISOString().slice(0, 10);
        const fitting = known.filter(({ currency, since }) => currency === payment.currency && since <= day);
        const rate = fitting.reduce<Rate | null>((last, one) => (last && last.since >= one.since ? last : one), null);
        return total + payment.amount * (rate?.rate ?? 1);
      }, 0);
      expect([amount(whole.results[0]!.metrics[0]), sum]).toEqual([byHand, byHand]);
    });
    await fc.assert(cases, { numRuns: 40 });
  });
});
