// Some of a time's events, one by one: all events of a share of its visitors, who are dealt evenly by their ids.
import { EVENT_COLUMNS, events } from "../analyses/events.ts";
import type { Period } from "../domain/period.ts";
import { EVERYBODY, overlapOf, rangeOf } from "../domain/shard.ts";
import type { QualityPorts } from "./ports.ts";
import type { Fields } from "./test-condition.ts";

/** About as many are looked at, and never more than twice as many. */
const SAMPLE_EVENTS = 4000;

export type SampledEvent = Fields & { readonly name: string; readonly props: Fields };

export interface EventSample {
  events: SampledEvent[];
  /** Of the visitors. */
  share: number;
}

type Row = ReturnType<typeof events.answer>["rows"][number];

const objectOf = (text: unknown): Fields =>
  typeof text === "string" && text !== "" ? (JSON.parse(text) as Fields) : {}; // written by the analysis

/** As rules name its fields: those of an event, with `revenue` and `props` nested. */
function eventOf(row: Row): SampledEvent {
  const fields = Object.fromEntries(EVENT_COLUMNS.map((column, place) => [column, row[place]]));
  const { amount, currency, consent, props, ...plain } = fields;
  return {
    ...plain,
    name: String(plain.name),
    revenue: amount === null ? null : { amount, currency },
    consent: objectOf(consent),
    props: objectOf(props),
  };
}

/** `expected`: about how many events there are. */
export async function sampleEvents(
  { site, scan }: Pick<QualityPorts, "site" | "scan">,
  { period, expected }: { period: Period; expected: number },
): Promise<EventSample> {
  const { shards, timeZone } = site;
  const share = Math.min(1, SAMPLE_EVENTS / Math.max(1, expected));
  const some = { from: 0, to: Math.ceil(EVERYBODY.to * share) };
  const request = { analysis: events.name, params: {}, ...period, timeZone, filters: [] };
  const replies = Array.from({ length: shards }, async (_, shard) => {
    const own = overlapOf(some, rangeOf(shard, shards));
    return own ? scan(shard, [request], [own]) : [];
  });
  const partials = (await Promise.all(replies)).flat().map((reply) => reply.partials[0]);
  const { rows } = events.answer(partials, {});
  return { events: rows.slice(0, 2 * SAMPLE_EVENTS).map(eventOf), share };
}
