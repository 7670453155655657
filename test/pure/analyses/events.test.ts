import fc from "fast-check";
import { expect, it } from "vitest";
import { EVENT_COLUMNS, events as rawEvents } from "../../../workers/analyses/events.ts";
import type { Event } from "../../../workers/domain/event.ts";
import { inBatches, scanAll, sourceOf } from "../../support/shards.ts";
import { someTraffic } from "../../support/traffic.ts";

const FROM = Date.UTC(2026, 10, 1);
const PERIOD = { from: FROM + 86_400_000, to: FROM + 3 * 86_400_000 };

/** An event as a raw row has it, but for its session. */
function expected(event: Event): Record<string, unknown> {
  const { id: _, revenue, props, consent, ...plain } = event;
  return {
    ...plain,
    engagementMs: event.engagementMs || null,
    scrollDepth: event.scrollDepth || null,
    amount: revenue?.amount ?? null,
    currency: revenue?.currency ?? "",
    props: props,
    consent: consent,
  };
}

function asObject(row: readonly unknown[]): Record<string, unknown> {
  const { sessionStart: _, ...fields } = Object.fromEntries(EVENT_COLUMNS.map((name, place) => [name, row[place]]));
  const parsed = (json: unknown) => (json === "" ? null : JSON.parse(String(json)));
  return { ...fields, props: parsed(fields.props), consent: parsed(fields.consent) };
}

const inOrder = (rows: Record<string, unknown>[]) =>
  rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();

it("raw events are those that came, field by field, once each and within the period only", async () => {
  const property = fc.asyncProperty(someTraffic(FROM), async (all) => {
    const request = { analysis: "events", params: {}, ...PERIOD, timeZone: "Asia/Kathmandu", filters: [] };
    const { partials } = await scanAll(sourceOf(inBatches(all, 7)), [request], { sliceRows: 20 });
    const { rows } = rawEvents.answer(partials, {});
    const within = all.filter(({ at }) => at >= PERIOD.from && at < PERIOD.to);
    expect(inOrder(rows.map(asObject))).toEqual(inOrder(within.map(expected)));
  });
  await fc.assert(property, { numRuns: 60 });
});
