// What the insights say of simulated sites in which a cause was planted, or none.
import { describe, expect, it } from "vitest";
import { kpiSchema } from "../../../workers/catalog/kpi.ts";
import type { Event } from "../../../workers/domain/event.ts";
import { amountOf } from "../../../workers/domain/money.ts";
import { MOST_INSIGHTS } from "../../../workers/reports/find-insights.ts";
import type { Insight } from "../../../workers/reports/insight.ts";
import type { Visit } from "../../support/planted-visits.ts";
import { answersTo, DAY_MS, END, findIn, LAST, lookingAt, plant, portsFor } from "./planted.ts";

const isGermanMobile = ({ country, device }: Visit) => country === "DE" && device === "Mobile";

/** Visitors of the last so many days, or of as many before them. A visitor of these sites makes one visit. */
function visitorsOf(events: Event[], keep: (event: Event) => boolean, before = 0): number {
  const [from, to] = [END - (before + 1) * LAST * DAY_MS, END - before * LAST * DAY_MS];
  return new Set(events.filter((one) => one.at >= from && one.at < to && keep(one)).map((one) => one.visitorId)).size;
}

const named = (insights: Insight[], metric: string) => insights.find((one) => one.kind === metric);

describe("sites on which nothing happened", () => {
  it("have nothing notable in nearly all of fifty months, calm or restless, whatever the weekdays", async () => {
    const told: string[] = [];
    for (let seed = 0; seed < 50; seed++) {
      const events = plant({ seed: `noise ${seed}`, mean: 40, restless: seed % 2 === 0 ? 0 : 0.3 });
      const range = seed % 4 < 2 ? { range: ["2026-05-02", "2026-05-31"] as [string, string] } : {};
      const { standing, insights } = await findIn(events, lookingAt(range));
      if (standing !== "nothing_notable") told.push(`${seed}: ${insights.map(({ text }) => text).join(" ")}`);
    }
    expect(told.length, told.join("\n")).toBeLessThanOrEqual(2);
  }, 300_000);

  it("are told apart from sites of which too little is known", async () => {
    const young = await findIn(plant({ seed: "young", days: 40 }));
    expect(young).toMatchObject({ standing: "little_data", history: { days: 12, needed: 14 }, insights: [] });
    expect(young.note).toBe("Insights begin with 14 days of history before the period; so far there are 12.");
    const small = await findIn(plant({ seed: "small", mean: 1 }));
    expect(small.standing).toBe("little_data");
    expect(small.note).toMatch(/^\d\d visitors in both periods are too few/);
  });
});

describe("a planted cause", () => {
  it("of a fall is named first, with its share", async () => {
    const events = plant({
      seed: "collapse",
      behaviour: (visit, back) => (back <= LAST && isGermanMobile(visit) ? { volume: 0.1 } : {}),
    });
    const { standing, insights } = await findIn(events);
    const [first] = insights;
    const all = [visitorsOf(events, () => true), visitorsOf(events, () => true, 1)] as const;
    const part = [visitorsOf(events, isGermanMobile), visitorsOf(events, isGermanMobile, 1)] as const;
    expect(standing).toBe("told");
    expect(first).toMatchObject({
      kind: "visitors",
      tone: "worse",
      cause: { how: "part", dimensions: ["visit:country", "visit:device"], values: ["DE", "Mobile"] },
    });
    expect(first!.cause!.share).toBeCloseTo((100 * (part[0] - part[1])) / (all[0] - all[1]), 9);
    expect(first!.cause!.share).toBeGreaterThan(80);
    expect(first!.text).toContain("of the fall is country Germany, device Mobile");
    expect(first!.figures.map(({ name, value }) => [name, value])).toEqual(
      expect.arrayContaining([
        ["now", all[0]],
        ["before", all[1]],
        ["part_now", part[0]],
        ["part_before", part[1]],
      ]),
    );
    expect(first!.link).toContain("&f=is,visit:country,DE&f=is,visit:device,Mobile");
  });

  it("that is one dimension's is not narrowed further", async () => {
    const behaviour = ({ source }: Visit, back: number) =>
      back <= LAST && source === "Newsletter" ? { volume: 3 } : {};
    const { insights } = await findIn(plant({ seed: "letter", behaviour }));
    expect(insights[0]!.cause).toMatchObject({ how: "part", values: [expect.stringMatching(/^(Newsletter|Email)$/)] });
  });

  it("that goes through all is told as such", async () => {
    const { insights } = await findIn(
      plant({ seed: "all", behaviour: (_, back) => (back <= LAST ? { volume: 0.6 } : {}) }),
    );
    expect(insights[0]).toMatchObject({ kind: "visitors", cause: { how: "all", share: null } });
    expect(insights[0]!.text).toContain("No one source, place or device stands out");
  });

  it("of a ratio is told as mix where each group's own ratio went the other way (Simpson)", async () => {
    const events = plant({
      seed: "simpson",
      behaviour: ({ device }, back) => {
        if (device === "Mobile") return back <= LAST ? { volume: 3, bounce: 0.72 } : { bounce: 0.78 };
        return { bounce: back <= LAST ? 0.14 : 0.2 };
      },
    });
    const { insights } = await findIn(events);
    const bounces = named(insights, "bounce_rate")!;
    expect(bounces.cause).toMatchObject({ how: "mix", dimensions: ["visit:device"], values: ["Mobile"] });
    expect(bounces.cause!.share).toBeGreaterThan(100);
    expect(bounces.text).toMatch(
      /^Bounce rate rose .* is the mix of visits: device Mobile makes up .* would have fallen/,
    );
    for (const { mix, rate, adds } of bounces.cause!.contributions) {
      expect(rate!).toBeLessThan(0);
      expect(mix! + rate!).toBeCloseTo(adds, 9);
    }
    const change = bounces.figures.find(({ name }) => name === "change")!.value;
    expect(bounces.cause!.contributions.reduce((sum, { adds }) => sum + adds, 0)).toBeCloseTo(change!, 6);
  });

  it("of a ratio is told as a group's own where that changed", async () => {
    const behaviour = (visit: Visit, back: number) => (back <= LAST && isGermanMobile(visit) ? { bounce: 0.95 } : {});
    const { insights } = await findIn(plant({ seed: "broken page", behaviour }));
    const bounces = named(insights, "bounce_rate")!;
    expect(bounces.cause).toMatchObject({ how: "rate", values: ["DE", "Mobile"] });
    expect(bounces.text).toContain("is country Germany, device Mobile, where it went to");
    expect(bounces.tone).toBe("worse");
  });

  it("of a goal is told as the group's own, and as mix where those who came are others", async () => {
    const broken = ({ source }: Visit, back: number) =>
      source === "Newsletter" ? { signup: back <= LAST ? 0.02 : 0.4 } : {};
    const rate = named((await findIn(plant({ seed: "form", behaviour: broken }))).insights, "conversion_rate")!;
    expect(rate.cause!.how).toBe("rate");
    expect(["Newsletter", "Email"]).toContain(rate.cause!.values[0]);
    expect(rate.text).toMatch(/^Conversion rate of Signup fell/);
    const others = ({ source }: Visit, back: number) =>
      source === "Newsletter" ? { signup: 0.5, volume: back <= LAST ? 0.1 : 1 } : {};
    const mix = named((await findIn(plant({ seed: "no letter", behaviour: others }))).insights, "conversion_rate")!;
    expect(mix.cause!.how).toBe("mix");
    expect(["Newsletter", "Email"]).toContain(mix.cause!.values[0]);
  });
});

describe("other news", () => {
  it("is a day out of the ordinary, with what was expected", async () => {
    const { insights } = await findIn(
      plant({ seed: "day", behaviour: (_, back) => (back === 5 ? { volume: 0.05 } : {}) }),
    );
    const day = named(insights, "anomalous_day")!;
    expect(day.text).toMatch(/^Wednesday 27 May had \d visitors; \d+ to \d+ were to be expected\.$/);
    expect(day.link).toContain("period=custom&from=2026-05-27&to=2026-05-27");
  });

  it("is a source that was never there before, and none that was there once", async () => {
    const usual = plant({ seed: "first" });
    const from = (source: string, back: number, count: number): Event[] =>
      Array.from({ length: count }, (_, n) => {
        const at = END - back * DAY_MS + n * 60_000;
        return { ...usual[n]!, source, id: `${source}-${n}`, visitorId: `${source}-${back}-${n}`, at, receivedAt: at };
      });
    const { insights } = await findIn([
      ...usual,
      ...from("Reddit", 3, 60),
      ...from("Bing", 3, 60),
      ...from("Bing", 130, 2),
    ]);
    const news = insights.filter(({ kind }) => kind === "first_seen");
    expect(news.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Never there before: source Reddit, with 60 visitors, 2\.\d% of all\.$/),
    ]);
  });

  describe("of a month in which all visitors together did not change", () => {
    const base = plant({ seed: "moved" });
    /** So many visitors a day by a source, day by day. */
    const by = (source: string, perDay: (back: number) => number): Event[] =>
      Array.from({ length: 140 }, (_, day) => day + 1).flatMap((back) =>
        Array.from({ length: perDay(back) }, (__, n) => {
          const at = END - back * DAY_MS + 8 * 3_600_000 + n * 60_000;
          const id = `${source}-${back}-${n}`;
          return { ...base[n]!, source, channel: "Referral", id, visitorId: id, at, receivedAt: at, path: "/" };
        }),
      );
    const moves = (insights: Insight[]) => insights.filter(({ kind }) => kind === "moved");

    it("is a referrer that jumps to five times as much, and the one that falls alike", async () => {
      const reddit = by("Reddit", (back) => (back <= LAST ? 20 : 4));
      const bing = by("Bing", (back) => (back <= LAST ? 4 : 20));
      const { insights } = await findIn([...base, ...reddit, ...bing]);
      expect(named(insights, "visitors")).toBeUndefined();
      expect(moves(insights).map(({ text, tone }) => [text, tone])).toEqual([
        ["Visitors of source Reddit rose 400% to 560, from 112, while all visitors together did not change.", "better"],
        ["Visitors of source Bing fell 80% to 112, from 560, while all visitors together did not change.", "worse"],
      ]);
      const [first] = moves(insights);
      expect(first!.figures.map(({ value }) => value)).toEqual([400, 560, 112]);
      expect(first!.link).toContain("&f=is,visit:source,Reddit");
    });

    it("is no referrer that comes and goes in every month, nor a small one", async () => {
      const month = (back: number) => Math.floor((back - 1) / LAST) % 2;
      const restless = by("Reddit", (back) => (month(back) === 0 ? 20 : 4));
      const other = by("Bing", (back) => (month(back) === 0 ? 4 : 20));
      const small = by("Lobsters", (back) => (back <= LAST ? 2 : 0.4 * (back % 5 === 0 ? 1 : 0)));
      const { insights } = await findIn([...base, ...restless, ...other, ...small]);
      expect(moves(insights)).toEqual([]);
    });

    it("is nothing where the total changed: its cause is told", async () => {
      const reddit = by("Reddit", (back) => (back <= LAST ? 60 : 4));
      const { insights } = await findIn([...base, ...reddit]);
      expect(named(insights, "visitors")!.cause).toMatchObject({ how: "part" });
      expect(moves(insights)).toEqual([]);
    });

    it("is not looked for under filters, nor where the past is too short to know a referrer's moods", async () => {
      const reddit = by("Reddit", (back) => (back <= LAST ? 20 : 4));
      const bing = by("Bing", (back) => (back <= LAST ? 4 : 20));
      const events = [...base, ...reddit, ...bing];
      const filtered = await findIn(events, lookingAt({ filters: [["is", "visit:device", ["Mobile", "Desktop"]]] }));
      expect(moves(filtered.insights)).toEqual([]);
      const young = events.filter(({ at }) => at >= END - 80 * DAY_MS);
      expect(moves((await findIn(young)).insights)).toEqual([]);
    });
  });

  it("is a KPI that will miss its target at this pace, and none that will not", async () => {
    const made = { id: "k", version: 1, createdAt: 0 };
    const kpi = (name: string, target: number) => ({
      ...kpiSchema.parse({ name, formula: "visitors", targets: [{ since: "2026-01-01", target }] }),
      ...made,
    });
    const kpis = [kpi("Reach", 4000), kpi("Modest reach", 2000)];
    const running = { range: "28d" as const, now: END - 10 * DAY_MS - 1 };
    const { insights } = await findIn(plant({ seed: "kpi" }), lookingAt({ kpis, ...running }));
    const found = insights.filter(({ kind }) => kind === "kpi_at_risk");
    expect(found.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Reach is about to miss its target: [\d,]+ of 4,000 with 68% of the month over; at this pace it ends at 2,[\d]+\.$/,
      ),
    ]);
    expect(found[0]!.link).toContain("/sites/example.com/executive?");
    const over = await findIn(plant({ seed: "kpi" }), lookingAt({ kpis, range: ["2026-05-01", "2026-05-31"] }));
    expect(over.insights.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Reach missed its target: [\d,]+ of 4,000 in the month\.$/),
    );
  });
});

describe("insights of a month in which much happened", () => {
  const behaviour = (visit: Visit, back: number) => {
    if (back === 9) return { volume: 4 };
    if (back > LAST) return visit.source === "Newsletter" ? { signup: 0.4 } : {};
    return isGermanMobile(visit) ? { volume: 0.2, bounce: 0.9 } : { bounce: 0.75 };
  };
  const events = plant({ seed: "much", behaviour });

  it("are seven at most, what matters most first, each number as a question of its own answers it", async () => {
    const looking = lookingAt();
    const { insights } = await findIn(events, looking);
    expect(insights.length).toBeGreaterThan(3);
    expect(insights.length).toBeLessThanOrEqual(MOST_INSIGHTS);
    expect(insights.map(({ matters }) => matters)).toEqual(
      insights.map(({ matters }) => matters).toSorted((a, b) => b - a),
    );
    const figures = insights.flatMap((one) => one.figures);
    for (const { text, figures: own } of insights) for (const one of own) expect(text).toContain(one.text);
    const asked = figures.flatMap(({ query, value }) => (query ? [{ query, value }] : []));
    expect(asked.length).toBeGreaterThan(8);
    const answers = await answersTo(
      portsFor(events, looking),
      asked.map(({ query }) => query),
    );
    expect(answers.map(({ results }) => amountOf(results[0]?.metrics[0]))).toEqual(asked.map(({ value }) => value));
  });

  it("are of the part that the filters leave", async () => {
    const looking = lookingAt({ filters: [["is", "visit:country", ["FR"]]] });
    const { insights } = await findIn(events, looking);
    expect(insights.length).toBeGreaterThan(0);
    for (const { link, figures } of insights) {
      expect(link).toContain("f=is,visit:country,FR");
      for (const { query } of figures) expect(query?.filters[0] ?? looking.filters[0]).toEqual(looking.filters[0]);
    }
  });
});
