// CPU time of masking: µs an event of several kinds, and how the time of hostile texts grows with their length: a text twice
// as long must take about twice as long. Run it with `node bench/pii-cpu.ts`.

import type { Event } from "../workers/domain/event.ts";
import { completePii } from "../workers/domain/pii.ts";
import type { PiiSettings } from "../workers/domain/pii-kind.ts";
import { DEFAULT_RETENTION } from "../workers/domain/retention.ts";
import { newSiteSchema, type Site } from "../workers/domain/site.ts";
import { DETECTORS } from "../workers/ingest/pii/detectors/index.ts";
import { findPii, TYPED } from "../workers/ingest/pii/find-pii.ts";
import { maskEvent } from "../workers/ingest/pii/mask-event.ts";
import { stateEvent } from "../workers/ingest/validate.ts";

const ROUNDS = 20_000;
const KEY = new Uint8Array(32);
const SIZES = [4_000, 8_000, 16_000, 32_000];

function siteWith(pii: PiiSettings): Site {
  const { name, ...site } = newSiteSchema.parse({ id: "bench" });
  const made = {
    teamId: "main",
    createdAt: 0,
    epoch: 1,
    nextShards: null,
    autoShards: true,
    retention: DEFAULT_RETENTION,
  };
  return { ...site, ...made, name: name ?? site.id, pii };
}

const usual = siteWith(completePii({}));
const own = siteWith(completePii({ patterns: [{ name: "customer", pattern: "KND-\\d{6}", action: "mask" }] }));

type Fields = Partial<Pick<Event, "path" | "title" | "referrer" | "props">>;

const EVENTS: Readonly<Record<string, { fields: Fields; site: Site }>> = {
  "page view": {
    fields: { path: "/blog/post-12", title: "A post about something", referrer: "google.com" },
    site: usual,
  },
  "with numbers": {
    fields: {
      path: "/orders/10042817/items",
      title: "Order 10042817 of 2026-11-21",
      props: { order: "ORD-10042817", total: 129.9, at: "2026-11-21T12:34:56Z", sku: "AB-1234-55", items: [1, 2, 3] },
    },
    site: usual,
  },
  "with personal values": {
    fields: {
      path: "/users/ann@example.com",
      props: { email: "ann@example.com", phone: "+49 30 1234567", note: "card 4012 8888 8888 1881", ip: "203.0.113.7" },
    },
    site: usual,
  },
  "with one own pattern": { fields: { path: "/blog/post-12", title: "A post about KND-123456" }, site: own },
};

/** Text of near matches: each repeated without end. */
const HOSTILE: Readonly<Record<string, string>> = {
  digits: "4",
  "grouped digits": "4012 8888 ",
  "at signs": "@",
  addresses: "a@b.",
  colons: ":",
  "hexadecimal and colons": "ab:cd::",
  dots: "1.2.3.",
  plus: "+49(0)",
  escapes: "%2540",
  tokens: "eyJhbGciOiJIUzI1NiJ9.",
  keys: "sk-A1",
  "key and value": "token=a:",
  "letters and digits": "DE89AB12",
  dashes: "-----BEGIN ",
  brackets: "(0(0",
  wallets: "1A1zP1eP5QGefi2DMPTfTL5SLmv7Div",
  words: "passport 12345 ",
};

/** µs of CPU for one call. */
function cost(run: () => void, rounds: number): number {
  for (let i = 0; i < rounds; i++) run();
  const start = process.cpuUsage();
  for (let i = 0; i < rounds; i++) run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / rounds;
}

export interface PiiCost {
  events: Record<string, number>;
  /** Milliseconds by length, and the time of the longest over what its length would give, from the shortest. */
  hostile: Record<string, { ms: number[]; growth: number }>;
}

export function measurePii(rounds = ROUNDS): PiiCost {
  const events = Object.entries(EVENTS).map(([name, { fields, site }]) => {
    const run = () => void maskEvent({ ...stateEvent({ name: "pageview" }, 0), ...fields }, site, KEY);
    return [name, cost(run, rounds)] as const;
  });
  const hostile = Object.entries(HOSTILE).map(([name, piece]) => {
    const ms = SIZES.map((size) => {
      const text = piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
      return cost(() => void findPii(text, TYPED), Math.max(2, Math.round(rounds / 2000))) / 1000;
    });
    const growth = ms.at(-1)! / ms[0]! / (SIZES.at(-1)! / SIZES[0]!);
    return [name, { ms, growth }] as const;
  });
  return { events: Object.fromEntries(events), hostile: Object.fromEntries(hostile) };
}

if (import.meta.main) {
  const { events, hostile } = measurePii();
  console.log(`${Object.keys(DETECTORS).length} detectors`);
  for (const [name, microseconds] of Object.entries(events))
    console.log(name.padEnd(28), microseconds.toFixed(2), "µs");
  console.log(`hostile text of ${SIZES.join(", ")} characters: ms, and growth over linear`);
  for (const [name, { ms, growth }] of Object.entries(hostile)) {
    console.log(name.padEnd(28), ms.map((one) => one.toFixed(2)).join("  "), ` ×${growth.toFixed(2)}`);
  }
}
