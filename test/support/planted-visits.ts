// Visits of a simulated site, day by day: each has a country, a device, a source, one page view or two, and may sign up. A test
// plants a cause by changing what the mean visit is from a day on.
import type { Event } from "../../workers/domain/event.ts";
import { type Random, seededRandom, type Weighted } from "../../workers/local/simulator/random.ts";
import { anEvent } from "./events.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Sundays to Saturdays. */
const WEEK = [0.7, 1.1, 1.15, 1.1, 1.05, 1, 0.75] as const;

export interface Visit {
  country: string;
  device: string;
  source: string;
}

export interface Behaviour {
  /** How many there are of it, as a part of what is usual. */
  volume: number;
  /** Probability of one page view alone. */
  bounce: number;
  signup: number;
}

export interface Planted {
  seed: string | number;
  /** Whole days up to and without `end`, which is a midnight of UTC. */
  end: number;
  days: number;
  /** Visits of a usual day. */
  mean: number;
  /** Days are busier and quieter by themselves by so much: 0.1 is a tenth. */
  restless?: number;
  /** What visits of this kind are like `back` days before the end, 1 the last one. */
  behaviour?: (visit: Visit, back: number) => Partial<Behaviour>;
}

const COUNTRIES: readonly Weighted<string>[] = [
  [45, "DE"],
  [25, "FR"],
  [20, "US"],
  [10, "PL"],
];
const DEVICES: readonly Weighted<string>[] = [
  [55, "Mobile"],
  [45, "Desktop"],
];
const SOURCES: readonly Weighted<string>[] = [
  [50, "Google"],
  [30, ""],
  [20, "Newsletter"],
];
const CHANNELS: Readonly<Record<string, string>> = { Google: "Organic Search", "": "Direct", Newsletter: "Email" };
const USUAL: Behaviour = { volume: 1, bounce: 0.45, signup: 0.08 };

function eventsOf(visit: Visit, at: number, id: string, { bounce, signup }: Behaviour, random: Random): Event[] {
  const { country, device, source } = visit;
  const browser =
    device === "Mobile"
      ? random.pick([
          [6, "Chrome"],
          [4, "Safari"],
        ])
      : random.pick([
          [7, "Chrome"],
          [3, "Firefox"],
        ]);
  const made = { visitorId: id, ...visit, country, device, source, channel: CHANNELS[source] ?? "", browser };
  const path = random.pick([
    [6, "/"],
    [3, "/pricing"],
    [1, "/blog"],
  ]);
  const views = random.chance(bounce) ? 1 : 2;
  const events = Array.from({ length: views }, (_, view) =>
    anEvent({ ...made, id: `${id}-${view}`, at: at + view * 60_000, path: view === 0 ? path : "/docs" }),
  );
  const signed = anEvent({ ...made, id: `${id}-s`, name: "signup", at: at + 120_000, path });
  return random.chance(signup) ? [...events, signed] : events;
}

/** In the order of their times, day by day. */
export function plantedVisits(planted: Planted): Event[] {
  const { seed, end, days, mean, restless = 0, behaviour = () => ({}) } = planted;
  const random = seededRandom(seed);
  const all: Event[] = [];
  let made = 0;
  for (let back = days; back >= 1; back--) {
    const start = end - back * DAY_MS;
    const mood = 1 + restless * (2 * random.next() - 1);
    const usual = mean * WEEK[new Date(start).getUTCDay()]! * mood;
    for (let visits = random.poisson(usual); visits > 0; visits--) {
      const visit = { country: random.pick(COUNTRIES), device: random.pick(DEVICES), source: random.pick(SOURCES) };
      const like = { ...USUAL, ...behaviour(visit, back) };
      const at = start + 6 * HOUR_MS + random.below(16 * HOUR_MS);
      // More than is usual: the whole part of the volume for certain, the rest by chance.
      const count = Math.floor(like.volume) + (random.chance(like.volume % 1) ? 1 : 0);
      for (let one = 0; one < count; one++) {
        all.push(...eventsOf(visit, at, (++made).toString(16).padStart(16, "0"), like, random));
      }
    }
  }
  return all.toSorted((a, b) => a.at - b.at);
}
