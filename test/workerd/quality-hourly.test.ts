// A busy site: what goes wrong in an hour is named by the check of the next hour, and is over when an hour is well again.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Event } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { aDay, append, check, dayStart, findingsOf, liveDay, openOf, rememberHours } from "./watched-site.ts";
import { createSite, HOUR_MS, runAlarms, setClock } from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
});

const busy = () => 250;
const hourStart = (hour: number) => dayStart(0) + hour * HOUR_MS;
const FAULTY = 9;

let site: Site;

/** Five weeks are known, a day was lived through and judged, and the hours of this day until the faulty one are well. */
beforeEach(async () => {
  setClock(dayStart(-1));
  site = await createSite();
  await rememberHours(site, { from: dayStart(-36), to: dayStart(-1) }, busy);
  await liveDay(site, -1, aDay(-1, busy));
  await append(site, eventsOf(0));
  await check();
  for (let hour = 1; hour < FAULTY; hour++) await liveHour(hour);
  await checkAfter(FAULTY - 1);
  expect(await findingsOf(site)).toEqual([]);
}, 120_000);

const eventsOf = (hour: number): Event[] =>
  aDay(0, busy).filter(({ at }) => at >= hourStart(hour) && at < hourStart(hour + 1));

async function liveHour(hour: number, events: readonly Event[] = eventsOf(hour)): Promise<void> {
  setClock(hourStart(hour + 1));
  await append(site, events);
  await runAlarms(site);
}

async function checkAfter(hour: number): Promise<void> {
  setClock(hourStart(hour + 1) + 7 * 60_000);
  await check();
}

const turned = (event: Event): Event => ({ ...event, props: { ...event.props, price: String(event.props?.price) } });

const FAULTS = {
  "40 percent less": ["volume_drop events", (events: Event[]) => events.filter((_, place) => place % 5 < 3)],
  "a property turned into a text": ["type_drift order · price", (events: Event[]) => events.map(turned)],
  "three percent that came twice": [
    "duplicates events",
    (events: Event[]) => [
      ...events,
      ...events.filter((_, place) => place % 33 === 0).map((one) => ({ ...one, at: one.at + 300 })),
    ],
  ],
  "events that are held back": [
    "late_events events",
    (events: Event[]) => events.map((one, place) => (place % 10 === 0 ? { ...one, at: one.at - 3 * HOUR_MS } : one)),
  ],
} as const satisfies Record<string, readonly [string, (events: Event[]) => Event[]]>;

it.each(Object.entries(FAULTS))("%s", async (_, [expected, broken]) => {
  for (const hour of [FAULTY, FAULTY + 1]) {
    await liveHour(
      hour,
      broken(eventsOf(hour)).map((event) => ({ ...event, receivedAt: Math.max(event.at, hourStart(hour)) })),
    );
    await checkAfter(hour);
    expect(await openOf(site)).toEqual([expected]);
  }
  // One and the same.
  expect(await findingsOf(site)).toMatchObject([{ from: hourStart(FAULTY), to: hourStart(FAULTY + 2) }]);
  for (const hour of [FAULTY + 2, FAULTY + 3, FAULTY + 4]) await liveHour(hour);
  await checkAfter(FAULTY + 4);
  expect(await openOf(site)).toEqual([]);
});
