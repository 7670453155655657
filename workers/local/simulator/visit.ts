// One visit: the events of one visitor from the landing to the leaving, in time order.

import type { ImportedEvent } from "../../domain/beacon.ts";
import { ENGAGEMENT, PAGEVIEW } from "../../domain/event.ts";
import { CRAWLERS, DEVICES } from "./devices.ts";
import type { Wave } from "./load.ts";
import { pickOrigin } from "./origins.ts";
import { nextSection, type Page, PRODUCTS, pageOf } from "./pages.ts";
import { PLACES } from "./places.ts";
import { type Random, seededRandom } from "./random.ts";

/** An event before it has its place in the sequence. */
export type UnplacedEvent = Omit<ImportedEvent, "line">;

export interface VisitPlan {
  seed: string;
  /** The visitor's name; the same one comes back with the same device from the same place. */
  visitor: string;
  returning: boolean;
  wave: Wave;
  start: number;
  host: string;
}

const MAX_PAGES = 15;

export function makeVisit(random: Random, plan: VisitPlan): UnplacedEvent[] {
  const traits = traitsOf(plan);
  const origin = pickOrigin(random, plan.wave, plan.returning);
  const events: UnplacedEvent[] = [];
  let at = plan.start;
  let page = pageOf(random, origin.landing);
  for (let seen = 1; ; seen++) {
    const query = seen === 1 && origin.query !== undefined ? `?${origin.query}` : "";
    const here = { ...traits, url: `https://${plan.host}${page.path}${query}`, title: page.title };
    const came = seen === 1 && origin.referrer !== undefined ? { referrer: origin.referrer } : {};
    events.push({ ...here, ...came, at, name: PAGEVIEW });
    const stay = Math.round(
      2000 + random.exponential(page.section === "blog" || page.section === "docs" ? 75e3 : 28e3),
    );
    const acted = actionOn(random, page);
    if (acted !== null) events.push({ ...here, ...acted, at: at + Math.round(stay * 0.8) });
    const next = seen === MAX_PAGES ? "leave" : nextSection(random, page.section);
    at += Math.min(stay, 20 * 60_000);
    // Only a page that was looked at for a while reports; of hurried ones the browser often sends nothing.
    if (next === "leave" ? random.chance(0.7) : random.chance(0.25)) {
      const scroll = Math.min(100, 10 + random.below(70) + Math.round(stay / 4000));
      events.push({ ...here, at, name: ENGAGEMENT, engagement: Math.min(stay, 15 * 60_000), scroll });
    }
    if (next === "leave") return events;
    page = pageOf(random, next);
  }
}

/** A crawler reads one to four pages at a steady pace and reports nothing. */
export function makeCrawl(random: Random, { start, host, visitor }: VisitPlan): UnplacedEvent[] {
  const userAgent = random.pick(CRAWLERS);
  return Array.from({ length: 1 + random.below(4) }, (_, i) => {
    const { path } = pageOf(random, random.chance(0.5) ? "docs" : "blog");
    return { name: PAGEVIEW, at: start + i * 7000, url: `https://${host}${path}`, visitor, userAgent };
  });
}

function traitsOf({ seed, visitor }: VisitPlan) {
  const random = seededRandom(seed, visitor);
  return { visitor, ...random.pick(PLACES), ...random.pick(DEVICES) };
}

/** What is done on a page beside reading it, if anything. */
function actionOn(random: Random, page: Page): Pick<UnplacedEvent, "name" | "props" | "revenue"> | null {
  if (page.section === "signup") {
    if (!random.chance(0.42)) return null;
    const plan = random.pick([[6, "free"] as const, [3, "team"] as const, [1, "business"] as const]);
    return { name: "signup", props: { plan } };
  }
  if (page.section === "checkout") return random.chance(0.62) ? purchase(random) : null;
  if ((page.section === "shop" || page.section === "docs") && random.chance(0.12)) {
    const query = random.pick([
      [4, "import"] as const,
      [3, "gift"] as const,
      [2, "api key"] as const,
      [1, "refund"] as const,
    ]);
    return { name: "search_performed", props: { query, result_count: random.below(12) } };
  }
  return null;
}

function purchase(random: Random): Pick<UnplacedEvent, "name" | "props" | "revenue"> {
  const items = 1 + random.poisson(0.6);
  const bought = Array.from({ length: items }, () => random.pick(PRODUCTS.map((product, i) => [1 / (i + 1), product])));
  const amount = Math.round(bought.reduce((sum, product) => sum + product.price, 0) * 100) / 100;
  return {
    name: "purchase",
    props: { items, product: bought[0]?.slug ?? "" },
    revenue: { amount, currency: "EUR" },
  };
}
