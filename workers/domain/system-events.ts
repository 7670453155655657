// A finished hour of the system's measures as events of the site `edgewise-system`, so that all that can be made of events
// can be made of them. The site is there when somebody made it. Pure.
import { EVENT_TEXT_FIELDS, type Event, type Props } from "./event.ts";
import { type Detail, HOUR_MS, MEASURE_KINDS, type Totals } from "./measures.ts";
import { quantileOf, type Tally } from "./tally.ts";

export const SYSTEM_SITE = "edgewise-system";
/** The one visitor that the system is. */
const OWN_VISITOR = "0000000000000001";

/** An hour: the most-used names alone, which are nearly all. */
const MOST_EVENTS = 100;

const rounded = (value: number | null): number => Math.round((value ?? 0) * 10) / 10;

function propsOf(name: string, tally: Tally): Props {
  const kind = MEASURE_KINDS.find((one) => name.startsWith(`${one} `)) ?? "";
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => rounded(quantileOf(tally, q)));
  const { count, failed, refused, max } = tally;
  return { name, kind, value: p95 ?? 0, count, failed, refused, p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0, max };
}

const NO_TEXTS = Object.fromEntries(EVENT_TEXT_FIELDS.map((field) => [field, ""])) as Record<
  (typeof EVENT_TEXT_FIELDS)[number],
  ""
>; // keys are exactly the fields

const NOTHING = {
  ...NO_TEXTS,
  name: "system_measured",
  visitorId: OWN_VISITOR,
  engagementMs: 0,
  scrollDepth: 0,
  revenue: null,
  consent: null,
} as const satisfies Partial<Event>;

/** `value` is what 95 of 100 did not exceed, or the amount that was used. Ids make a repeat of the hour known. */
export function systemEvents(hour: number, measured: Detail & { counts: Totals["counts"] }, now: number): Event[] {
  const times = Object.entries(measured.tallies)
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([name, tally]) => propsOf(name, tally));
  const used = Object.entries(measured.counts).map(([name, value]): Props => ({ name, kind: "use", value }));
  return [...used, ...times].slice(0, MOST_EVENTS).map((props) => ({
    ...NOTHING,
    id: `system ${hour / HOUR_MS} ${String(props.name)}`,
    at: hour,
    receivedAt: now,
    props,
  }));
}
