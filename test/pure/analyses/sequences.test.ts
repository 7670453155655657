import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FunnelResult } from "../../../workers/analyses/funnel.ts";
import type { PathsResult } from "../../../workers/analyses/paths.ts";
import type { PropertiesResult } from "../../../workers/analyses/properties.ts";
import type { RetentionResult } from "../../../workers/analyses/retention.ts";
import type { Event } from "../../../workers/domain/event.ts";
import type { Filter } from "../../../workers/domain/query.ts";
import { analyse, aSite, portsOf } from "../../support/shards.ts";
import { openCount } from "../../support/sql-count.ts";
import { countFunnel, countPaths, countProperty, countRetention } from "../../support/sql-sequences.ts";
import { someTraffic } from "../../support/traffic.ts";
import { SWITCHES } from "../../support/zones.ts";

const DAY = 24 * 3_600_000;

const views: Filter = ["is", "event:name", ["pageview"]];
const condition: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>(["is", "event:page", ["/", "/b"]]),
  fc.constant<Filter>(["contains", "event:page", ["a", "r"]]),
  fc.constant<Filter>(["is", "event:name", ["signup"]]),
  fc.constant<Filter>(["is_not", "visit:source", ["Google"]]),
  fc.constant<Filter>(["is", "event:props:plan", ["pro", "7"]]),
  fc.constant<Filter>(views),
);
const behaviour: fc.Arbitrary<Filter> = fc
  .tuple(fc.constantFrom("has_done" as const, "has_not_done" as const), condition, fc.boolean())
  .map(
    ([operator, inner, byVisitor]): Filter => (byVisitor ? [operator, inner, { by: "visitor" }] : [operator, inner]),
  );
const filters = fc.array(
  fc.oneof(
    condition,
    behaviour,
    condition.map((inner): Filter => ["not", inner]),
  ),
  { maxLength: 1 },
);

/** Random events around a moment at which some zone's clocks or dates jump, and a period that begins or ends within them. */
const scene = fc.constantFrom(...SWITCHES).chain(({ timeZone, at }) => {
  const from = at - 2 * DAY;
  return fc.record({
    timeZone: fc.constant(timeZone),
    events: someTraffic(from),
    from: fc.oneof(fc.integer({ min: from, max: from + 2 * DAY }), fc.constant(from)),
    to: fc.integer({ min: from + 2 * DAY + 1, max: from + 5 * DAY }),
    shards: fc.integer({ min: 1, max: 3 }),
    sliceRows: fc.constantFrom(10, 100_000),
    filters,
  });
});

interface Scene {
  timeZone: string;
  events: Event[];
  from: number;
  to: number;
  shards: number;
  sliceRows: number;
  filters: Filter[];
}

async function answerTo<Results>(asked: Scene, analysis: string, params: Record<string, unknown>): Promise<Results> {
  const { shards, timeZone, sliceRows } = asked;
  const ports = portsOf(asked.events, { site: aSite({ shards, timeZone }), sliceRows });
  const moment = (at: number) => new Date(at).toISOString();
  const date_range: [string, string] = [moment(asked.from), moment(asked.to)];
  return (await analyse<Results>(ports, { date_range, filters: asked.filters, analysis, params })).results;
}

function counted<T>({ events, timeZone }: Scene, count: (db: ReturnType<typeof openCount>) => T): T {
  const db = openCount(events, timeZone);
  try {
    return count(db);
  } finally {
    db.close();
  }
}

const stepsOf = (list: Filter[]) => list.map((filter) => ({ filter }));
const rank = (values: number[], share: number) => values[Math.max(1, Math.ceil(share * values.length)) - 1];

describe("a funnel", () => {
  const question = fc.record({
    by: fc.constantFrom("visitor" as const, "session" as const, "user" as const),
    steps: fc.uniqueArray(condition, { minLength: 2, maxLength: 4, selector: (step) => JSON.stringify(step) }),
    window: fc.constantFrom(null, "session" as const, 60_000, 1_800_000, 3 * 3_600_000),
    strict: fc.boolean(),
    breakdown: fc.constantFrom(null, "visit:country", "event:props:plan", "time:day"),
  });

  it("equals an independent count in SQL", async () => {
    const cases = fc.asyncProperty(scene, question, async (asked, { window, breakdown, ...own }) => {
      const params = { ...own, steps: stepsOf(own.steps), ...(window && { window }), ...(breakdown && { breakdown }) };
      const result = await answerTo<FunnelResult>(asked, "funnel", params);
      const expected = counted(asked, (db) =>
        countFunnel(db, { ...own, window, breakdown, period: asked, filters: asked.filters }),
      );
      const total = own.steps.map((_, step) => expected.reduce((sum, { reached }) => sum + reached[step]!, 0));
      expect(result.steps.map(({ count }) => count)).toEqual(total);
      const empties: Record<string, string> = { "visit:country": "(not set)", "event:props:plan": "(none)" };
      const groups = breakdown ? result.breakdown! : [{ value: "", steps: result.steps }];
      const shown = groups
        .filter(({ steps }) => steps[0]!.count > 0)
        .map(({ value, steps }) => ({
          value,
          reached: steps.map(({ count }) => count),
          waits: steps
            .slice(1)
            .map(({ since_previous: wait }) => wait && [wait.count, wait.sum_ms, wait.median_ms, wait.p90_ms]),
        }));
      const wanted = expected.map(({ value, reached, waits }) => ({
        value: value || (breakdown ? (empties[breakdown] ?? "") : ""),
        reached,
        waits: waits.map((list) =>
          list.length > 0
            ? [list.length, list.reduce((sum, wait) => sum + wait, 0), rank(list, 0.5), rank(list, 0.9)]
            : null,
        ),
      }));
      expect(shown).toEqual(wanted);
    });
    await fc.assert(cases, { numRuns: 250 });
  }, 120_000);
});

describe("retention", () => {
  const question = fc
    .record({
      by: fc.constantFrom("visitor" as const, "user" as const),
      cohort: condition,
      back: condition,
      granularity: fc.constantFrom("day" as const, "week" as const, "month" as const),
      kind: fc.constantFrom("bounded" as const, "unbounded" as const, "rolling" as const),
    })
    .filter(({ kind, granularity }) => kind !== "rolling" || granularity !== "month");

  it("equals an independent count in SQL", async () => {
    const cases = fc.asyncProperty(scene, question, async (asked, { cohort, back, ...own }) => {
      const params = { ...own, cohort: { filter: cohort }, return: { filter: back } };
      const result = await answerTo<RetentionResult>(asked, "retention", params);
      const { timeZone, filters: narrowed } = asked;
      const expected = counted(asked, (db) =>
        countRetention(db, { ...own, cohort, back, period: asked, timeZone, filters: narrowed }),
      );
      expect(result.cohorts).toEqual(expected.cohorts);
      expect(result.left_out).toBe(expected.leftOut);
    });
    await fc.assert(cases, { numRuns: 150 });
  }, 120_000);
});

describe("paths", () => {
  const question = fc.record({
    anchor: fc.option(condition),
    direction: fc.constantFrom("from" as const, "to" as const),
    steps: fc.constantFrom("pages" as const, "events" as const, "all" as const),
    depth: fc.integer({ min: 2, max: 6 }),
    repeats: fc.boolean(),
  });

  it("equal an independent count in SQL", async () => {
    const cases = fc.asyncProperty(scene, question, async (asked, { anchor, direction: given, ...own }) => {
      const direction = anchor ? given : "from";
      const params = { ...own, limit: 100, ...(anchor && { [direction]: { filter: anchor } }) };
      const result = await answerTo<PathsResult>(asked, "paths", params);
      const expected = counted(asked, (db) =>
        countPaths(db, { ...own, anchor, direction, period: asked, filters: asked.filters }),
      );
      const text = (list: (string | number | undefined)[][]) => list.map((entry) => entry.join(" | ")).sort();
      const place = (step: unknown) => (direction === "from" ? Number(step) : 0 - Number(step));
      const id = (step: unknown, label: unknown) => `${place(step)}:${label}`;
      expect(text(result.nodes.map((node) => [node.id, node.sessions]))).toEqual(
        text(expected.nodes.map(({ step, label, sessions }) => [id(step, label), sessions])),
      );
      expect(text(result.links.map(({ source, target, sessions }) => [source, target, sessions]))).toEqual(
        text(
          expected.links.map(({ step, near, far, sessions }) => {
            const ends = [id(step, near), id(Number(step) + 1, far)];
            return [...(direction === "from" ? ends : ends.reverse()), sessions];
          }),
        ),
      );
    });
    await fc.assert(cases, { numRuns: 150 });
  }, 120_000);

  it("lose no session to the limit, and tell where each goes on or stops", async () => {
    const cases = fc.asyncProperty(scene, question, async (asked, { anchor, direction, ...own }) => {
      const params = { ...own, limit: 1, ...(anchor && { [direction]: { filter: anchor } }) };
      const { nodes, links, sessions } = await answerTo<PathsResult>(asked, "paths", params);
      const full = await answerTo<PathsResult>(asked, "paths", { ...params, limit: 100 });
      const sum = (list: { sessions: number }[]) => list.reduce((total, one) => total + one.sessions, 0);
      for (let step = -own.depth; step <= own.depth; step++) {
        const at = (list: PathsResult["nodes"]) => sum(list.filter((node) => node.step === step));
        expect(at(nodes)).toBe(at(full.nodes));
      }
      expect(sum(links)).toBe(sum(full.links));
      const stopped = nodes.reduce((total, { stops }) => total + (stops ?? 0), 0);
      expect(stopped + sum(nodes.filter(({ stops }) => stops === null))).toBe(sessions);
    });
    await fc.assert(cases, { numRuns: 60 });
  }, 120_000);
});

describe("properties", () => {
  it("equal an independent count in SQL", async () => {
    const cases = fc.asyncProperty(
      scene,
      fc.constantFrom("plan" as const, "price" as const),
      async (asked, property) => {
        const result = await answerTo<PropertiesResult>(asked, "properties", { property });
        const { events, figures, values } = counted(asked, (db) =>
          countProperty(db, property, { period: asked, filters: asked.filters }),
        );
        const numeric = Number(figures.count) > 0 ? figures : null;
        expect(result.properties).toEqual(events > 0 ? [{ name: property, events, numeric }] : []);
        expect(result.values!.rows).toEqual(values);
        const all = await answerTo<PropertiesResult>(asked, "properties", {});
        expect(all.properties.filter(({ name }) => name === property)).toEqual(result.properties);
      },
    );
    await fc.assert(cases, { numRuns: 120 });
  }, 120_000);
});
