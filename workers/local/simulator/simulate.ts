// Traffic that looks like a real site's. Pure: equal options give equal events, and a later `to` only adds to their end.

import type { ImportedEvent } from "../../domain/beacon.ts";
import { calendarLoad, type Load, type Wave } from "./load.ts";
import { seededRandom } from "./random.ts";
import { makeCrawl, makeVisit, type UnplacedEvent } from "./visit.ts";

export interface SimulateOptions {
  seed: string;
  /** First moment, milliseconds UTC; a whole hour, so that slots are whole. */
  from: number;
  /** End, left out; events of visits that reach beyond it are cut off. */
  to: number;
  /** Visits a day at the start, about; also sets how many regular visitors there are. */
  dailyVisits: number;
  /** Zone of the visitors' day and night; UTC when left out. */
  timeZone?: string;
  /** Host of the site's pages. */
  host?: string;
  /** Visits over time, where the calendar's days and weeks are not wanted. */
  load?: Load;
}

const WAVES = ["base", "campaign", "front-page"] as const satisfies readonly Wave[];
const RETURNING = 0.27;
const CRAWLS = 0.05;

/** Events in time order, with `line` counting from 0. */
export function* simulate(options: SimulateOptions): Generator<ImportedEvent> {
  const { from, to, seed, dailyVisits, timeZone = "UTC" } = options;
  const load = options.load ?? calendarLoad({ seed, timeZone, dailyVisits, from });
  let line = 0;
  let pending: UnplacedEvent[] = [];
  for (let slot = from; slot < to; slot += load.slotMs) {
    const end = Math.min(slot + load.slotMs, to);
    pending.push(...slotEvents(options, load, slot));
    pending.sort((a, b) => a.at - b.at);
    const rest = pending.findIndex((event) => event.at >= end);
    const due = rest < 0 ? pending.length : rest;
    for (const event of pending.slice(0, due)) yield { ...event, line: line++ };
    pending = pending.slice(due);
  }
}

/** Every event of the visits that begin in a slot. */
function slotEvents(options: SimulateOptions, load: Load, slot: number): UnplacedEvent[] {
  const { seed, dailyVisits, host = "demo.example" } = options;
  const random = seededRandom(seed, "slot", slot);
  const expected = load.visits(slot);
  const events: UnplacedEvent[] = [];
  for (const wave of WAVES) {
    const visits = random.poisson(expected[wave]);
    for (let i = 0; i < visits; i++) {
      const returning = wave === "base" && random.chance(RETURNING);
      // Squared, so that few people come often and many come now and then.
      const regular = Math.floor(dailyVisits * 5 * random.next() ** 2);
      const visitor = returning ? `regular-${regular}` : `${slot / 1000}-${wave}-${i}`;
      const plan = { seed, host, wave, returning, visitor, start: slot + random.below(load.slotMs) };
      const crawls = wave === "base" && !returning && random.chance(CRAWLS);
      events.push(...(crawls ? makeCrawl(random, plan) : makeVisit(random, plan)));
    }
  }
  return events;
}
