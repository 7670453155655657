// Sections that hold a figure against something: KPIs against their targets, metrics against other sites.
import { describe, expect, it } from "vitest";
import { type Kpi, kpiSchema } from "../../../workers/catalog/kpi.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Query } from "../../../workers/domain/query.ts";
import type { Site } from "../../../workers/domain/site.ts";
import type { Making } from "../../../workers/reports/section.ts";
import { benchmarks } from "../../../workers/reports/sections/benchmarks.ts";
import { figures } from "../../../workers/reports/sections/figures.ts";
import { answersTo, END, lookingAt, plant, portsFor } from "./planted.ts";

const events = plant({ seed: "sections", mean: 20 });
const elsewhere = plant({ seed: "elsewhere", mean: 60 });

const visitorsIn = (all: Event[], from: number, to: number): number =>
  new Set(all.filter(({ at }) => at >= from && at < to).map(({ visitorId }) => visitorId)).size;
const MAY = [Date.UTC(2026, 4, 1), END] as const;
const APRIL = [Date.UTC(2026, 3, 1), MAY[0]] as const;

function making(kpis: readonly Kpi[], others: Readonly<Record<string, Event[]>> = {}): Making {
  const looking = lookingAt({ range: ["2026-05-01", "2026-05-31"] });
  const { site, now, range, span, goals } = looking;
  const asking = (all: Event[]) => (questions: Parameters<Making["ask"]>[0]) =>
    answersTo(portsFor(all, looking), questions as Query[]); // of metrics alone
  return {
    ...{ site, now, range, compare: { mode: "previous_period" }, filters: [] },
    span: { ...span, whole: span.period },
    own: { goals, kpis, customMetrics: [], funnels: [] },
    ask: asking(events),
    board: async () => null,
    quality: async () => ({ scores: [], findings: [] }),
    otherSite: async (id) => (others[id] ? ({ ...site, name: id } satisfies Site) : null),
    askOther: async (other, questions) => asking(others[other.name] ?? [])(questions),
    imported: async () => [],
  };
}

const kpi = (id: string, target: number, fields: object = {}): Kpi => ({
  ...kpiSchema.parse({
    name: id,
    formula: "visitors",
    targets: [{ since: "2026-01-01", target }],
    ...fields,
  }),
  ...{ id, version: 1, createdAt: 0 },
});

describe("KPIs among figures", () => {
  const [now, before] = [visitorsIn(events, ...MAY), visitorsIn(events, ...APRIL)];
  const told = async (all: Kpi[], named = all.map(({ id }) => id)) => {
    const section = { id: "f", title: "", kind: "figures" as const, metrics: [], kpis: named };
    const [part] = await figures.make(section, making(all));
    return part!.blocks;
  };

  it("have their own period's value, the one before it, and the target of that period", async () => {
    const targets = [
      { since: "2026-01-01", target: 10 },
      { since: "2026-05-01", target: 2 * now },
    ];
    const raised = kpi("Raised", 10, { targets });
    const [block] = await told([kpi("Reach", 2 * now), kpi("Modest", now - 1), raised]);
    if (block?.kind !== "figures") throw new Error("no figures");
    expect(block.figures.map(({ now: value, before: other }) => [value.value, other?.value])).toEqual(
      Array.from({ length: 3 }, () => [now, before]),
    );
    expect(block.figures.map(({ label }) => label)[0]).toBe("Reach, month from 2026-05-01");
    const [reach, modest, last] = block.figures.map(({ target }) => target);
    expect(reach).toBe(`50% of ${(2 * now).toLocaleString("en-US")}, missed`);
    expect(modest).toBe(`100% of ${(now - 1).toLocaleString("en-US")}, met`);
    expect(last).toBe(reach);
  });

  it("turn better and worse by which way they should go", async () => {
    const fewer = kpi("Fewer", 10, { better: "lower" });
    const [block] = await told([kpi("More", 10), fewer]);
    if (block?.kind !== "figures") throw new Error("no figures");
    const [more, less] = block.figures.map(({ tone }) => tone);
    expect([more, less].toSorted()).toEqual(["better", "worse"]);
    expect(more).toBe(now > before ? "better" : "worse");
  });

  it("that are no longer there are counted, and the rest stands", async () => {
    const blocks = await told([kpi("Reach", 10)], ["Reach", "gone"]);
    expect(blocks.map(({ kind }) => kind)).toEqual(["figures", "problem"]);
    expect(blocks[1]).toMatchObject({ text: "1 of the KPIs are no longer there; choose others." });
  });
});

describe("benchmarks against other sites", () => {
  it("have each site's own figure and the gap to it; one that may not be read is left out", async () => {
    const section = {
      id: "b",
      title: "",
      kind: "benchmarks" as const,
      metrics: ["visitors"],
      sites: ["busy", "hidden"],
    };
    const [part] = await benchmarks.make(section, making([], { busy: elsewhere }));
    const table = part!.blocks.find((block) => block.kind === "table");
    if (table?.kind !== "table") throw new Error("no table");
    const [now, other] = [visitorsIn(events, ...MAY), visitorsIn(elsewhere, ...MAY)];
    const besides = table.rows.filter((row) => row[2]?.value === "busy");
    expect(besides.map((row) => [row[1]?.value, row[3]?.value])).toEqual([[now, other]]);
    expect(besides[0]![4]!.value).toBeCloseTo((100 * (now - other)) / other, 0);
    expect(besides[0]![5]!.text).toMatch(/^Behind the other site/);
    expect(JSON.stringify(part)).not.toContain("hidden");
  });
});
