// Reference data through the import door, and counted by page afterwards: that the sets which are sealed from the inside are

// what the doors would have made of them.

import { amountOf } from "../workers/domain/money.ts";
import type { QueryRow } from "../workers/domain/query.ts";
import { type BenchServer, shapeOf } from "./bench-server.ts";
import { type Reference, type ReferenceRows, referenceOf } from "./reference/events.ts";
import { HOSTNAME, NAMES, SOURCES, VALUES } from "./reference/values.ts";

export interface HttpProof {
  events: number;
  /** As the product counts them afterwards. */
  counted: number;
  seconds: number;
}

const SITE = "http-proof";
const GROUPS_A_REQUEST = 3;
const AT_ONCE = 6;
const OPTIONS = { id: "reference", label: "reference data", visitors: "given", bots: "keep" } as const;

function linesOf(reference: Reference, rows: ReferenceRows, firstLine: number): Record<string, unknown>[] {
  return Array.from({ length: rows.length }, (_, row) => {
    const visitor = rows.visitor[row]!;
    const { country, browser, os, device, referrer } = reference.traits(visitor);
    const value = rows.value[row]!;
    return {
      line: firstLine + row,
      at: rows.at[row]!,
      visitor: reference.visitorId(visitor),
      name: NAMES[rows.name[row]!]!,
      url: `https://${HOSTNAME}${VALUES.path.list[rows.path[row]!]!}`,
      country: VALUES.country.list[country]!,
      browser: VALUES.browser.list[browser]!,
      os: VALUES.os.list[os]!,
      device: VALUES.device.list[device]!,
      ...SOURCES[referrer]!,
      ...(value > 0 && { props: { value } }),
    };
  });
}

/** Visitors and events by page, counted here. */
function countsByPage(reference: Reference): Map<string, { visitors: Set<number>; events: number }> {
  const rows = reference.rows(0, reference.groups);
  const counts = new Map<string, { visitors: Set<number>; events: number }>();
  for (let row = 0; row < rows.length; row++) {
    const path = VALUES.path.list[rows.path[row]!]!;
    const own = counts.get(path) ?? { visitors: new Set(), events: 0 };
    counts.set(path, own);
    own.visitors.add(rows.visitor[row]!);
    own.events++;
  }
  return counts;
}

const MOST_TRIES = 120;
const PAUSE_MS = 500;

function expectSamePages(reference: Reference, results: readonly QueryRow[]): void {
  const expected = countsByPage(reference);
  const wrong = results.filter(({ dimensions: [path = ""], metrics: [visitors, events] }) => {
    const own = expected.get(path);
    return own?.visitors.size !== visitors || own?.events !== events;
  });
  if (wrong.length === 0 && results.length === expected.size) return;
  throw new Error(`${wrong.length} of ${expected.size} pages were counted wrong: ${JSON.stringify(wrong.slice(0, 5))}`);
}

/** A shard that has enough to do says so; the lines are then sent again, which counts none twice. */
async function importAll(bench: BenchServer, lines: Parameters<BenchServer["api"]["importLines"]>[2]): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { accepted, duplicate, retry, reasons } = await bench.api.importLines(SITE, OPTIONS, lines);
    if (accepted + duplicate === lines.length) return;
    if (retry === 0) throw new Error(`of ${lines.length} lines ${accepted} were taken: ${JSON.stringify(reasons)}`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  throw new Error(`${lines.length} lines were not taken in ${MOST_TRIES} tries`);
}

export async function proveOverHttp(
  bench: BenchServer,
  { events, now }: { events: number; now: number },
): Promise<HttpProof> {
  const reference = referenceOf(shapeOf(events, now));
  await bench.api.createSite({ id: SITE });
  const begun = performance.now();
  let next = 0;
  const send = async (): Promise<void> => {
    while (next < reference.groups) {
      const first = next;
      next += GROUPS_A_REQUEST;
      const rows = reference.rows(first, Math.min(next, reference.groups));
      const lines = linesOf(reference, rows, (first * reference.events) / reference.groups);
      await importAll(bench, lines);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  await bench.api.finishImport(SITE, OPTIONS.id);
  const seconds = (performance.now() - begun) / 1000;
  const asked = { metrics: ["visitors", "events"], dimensions: ["event:page"], date_range: "all" } as const;
  const { results } = await bench.api.query(
    { ...asked, metrics: [...asked.metrics], dimensions: [...asked.dimensions] },
    SITE,
  );
  expectSamePages(reference, results);
  const counted = results.reduce((sum, { metrics }) => sum + (amountOf(metrics[1]) ?? 0), 0);
  return { events: reference.events, counted, seconds };
}
