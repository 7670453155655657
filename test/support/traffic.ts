import fc from "fast-check";
import { ENGAGEMENT, type Event } from "../../workers/domain/event.ts";
import { anEvent } from "./events.ts";

const MINUTE = 60_000;
const HALF_HOUR = 30 * MINUTE;

/** Around the half hour that ends a session, and all lengths besides. */
const gap = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: HALF_HOUR }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, HALF_HOUR - 1, HALF_HOUR, HALF_HOUR + 1) },
  { weight: 2, arbitrary: fc.integer({ min: HALF_HOUR, max: 2 * HALF_HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * 3_600_000 }) },
);

const step = fc.record({
  gap,
  name: fc.constantFrom("pageview", "pageview", "pageview", "signup", ENGAGEMENT),
  path: fc.constantFrom("/", "/a", "/b", "/Pricing"),
  source: fc.constantFrom("", "Google", "news.example"),
  country: fc.constantFrom("DE", "FR", ""),
  plan: fc.constantFrom(null, "free", "pro", 7),
  price: fc.constantFrom(null, null, 1.5, "2.25", -3, 1000),
  userId: fc.constantFrom("", "", "", "u1", "u2"),
  consents: fc.boolean(),
  amount: fc.constantFrom(0, 0, 12.99, 0.1, 0.2),
  currency: fc.constantFrom("EUR", "USD"),
  engagementMs: fc.integer({ min: 0, max: 10_000 }),
  scrollDepth: fc.constantFrom(0, 12.5, 40, 100),
});

/** A browser's lasting id, when it consents: none, one of its own as imports give it, or one met on other days too. */
const lasting = fc.constantFrom("", "", "own", "p1", "p2");

const visitor = fc.array(step, { minLength: 1, maxLength: 25 });

function propsOf(values: { plan: string | number | null; price: string | number | null }) {
  const given = Object.entries(values).filter(([, value]) => value !== null);
  return given.length > 0 ? Object.fromEntries(given) : null;
}

/** Random visitors from the given moment on, in random order of arrival. No two events share visitor, time and receipt. */
export function someTraffic(from: number): fc.Arbitrary<Event[]> {
  return fc
    .array(fc.tuple(fc.integer({ min: 0, max: 48 * 3_600_000 }), visitor, lasting), { maxLength: 6 })
    .chain((visitors) => {
      let receivedAt = from;
      const events = visitors.flatMap(([start, steps, browser], number) => {
        let at = from + start;
        // The first digit tells visitors apart, so that slices of a scan do as well.
        const visitorId = String(number).padEnd(16, "0");
        const persistentId = browser === "own" ? visitorId : browser;
        return steps.map(({ gap: silence, plan, price, amount, currency, consents, ...fields }) => {
          at += silence;
          return anEvent({
            ...fields,
            at,
            receivedAt: receivedAt++,
            visitorId,
            persistentId: consents ? persistentId : "",
            props: propsOf({ plan, price }),
            revenue: amount > 0 ? { amount, currency } : null,
          });
        });
      });
      return fc.shuffledSubarray(events, { minLength: events.length });
    });
}
