import { exports } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import { SiteShard } from "../../durable-objects/site-shard/object.ts";
import type { SiteShardRpc } from "../../durable-objects/site-shard/protocol.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import type { Filter, QueryResult } from "../../workers/domain/query.ts";
import type { Site } from "../../workers/domain/site.ts";
import type { ScanRequest } from "../../workers/engine/scan.ts";
import { ADMIN_TOKEN, createSite, fetchRaw, ORIGIN, ok, shardOfSite } from "./worker.ts";

const LINES = 6000;
const START = Date.UTC(2026, 10, 1);
let site: Site;

/** Enough that a scan gives way: some thousand events, and questions that each look at all of them anew. */
beforeAll(async () => {
  site = await createSite({ shards: 2 });
  for (let first = 0; first < LINES; first += 500) {
    const events = Array.from({ length: 500 }, (_, n) => {
      const line = first + n;
      return {
        line,
        at: START + line * 1000,
        visitor: `v${line % 900}`,
        country: "DE",
        name: "pageview",
        url: `https://example.com/${line}`,
      };
    });
    const options = { id: "much-history", label: "much", visitors: "given", bots: "keep" };
    await ok("POST", `/api/v1/sites/${site.id}/import`, { import: options, events });
  }
}, 60_000);

const filtersOf = (n: number): Filter[] => [
  ["matches", "event:page", [`^/[0-9]*${n % 10}[0-9]?$`]],
  ["is_not", "event:page", [`/${n}`]],
];
const questions = () =>
  Array.from({ length: 20 }, (_, n) => ({
    site_id: site.id,
    metrics: ["visitors", "visits"],
    date_range: "all",
    filters: filtersOf(n),
    dimensions: ["event:page"],
    pagination: { limit: 1 },
  }));

type Line = { progress: Record<"shards" | "done" | "scanned" | "rows", number> } | { result: QueryResult[] };

const asked = (body: unknown, accept: string) =>
  fetchRaw("POST", "/api/v2/query", { body, headers: { accept, "cache-control": "no-cache" } });

it("tells how far it is line by line, and last the answer that it gives without", async () => {
  const response = await asked(questions(), "application/x-ndjson");
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  const lines = new TextDecoder()
    .decode(await response.arrayBuffer())
    .trim()
    .split("\n")
    .map((line): Line => JSON.parse(line));
  const steps = lines.flatMap((line) => ("progress" in line ? [line.progress] : []));
  expect(steps.at(-1)).toMatchObject({ shards: 2, done: 2 });
  expect(steps.some(({ done, scanned, rows }) => done < 2 && scanned <= rows && rows > 0)).toBe(true);
  expect(steps.map(({ done }) => done)).toEqual(steps.map(({ done }) => done).toSorted());
  const last = lines.at(-1)!;
  const plain = await ok<QueryResult[]>("POST", "/api/v2/query", questions());
  expect("result" in last && last.result.map(({ results }) => results)).toEqual(plain.map(({ results }) => results));
});

it("speaks as an event stream too, and refuses with a status before it begins", async () => {
  const text = await (await asked(questions()[0], "text/event-stream")).text();
  expect(text).toMatch(/^(event: progress\ndata: \{.*\}\n\n)+event: result\ndata: \{"results":.*\}\n\n$/);
  const wrong = await asked({ ...questions()[0], metrics: ["hits"] }, "text/event-stream");
  const problem: Problem = await wrong.json();
  expect([wrong.status, problem.errors![0]!.path]).toEqual([400, "metrics.0"]);
});

it("stops in the shard when nobody waits any more", async () => {
  const requests = Array.from(
    { length: 40 },
    (_, n): ScanRequest => ({
      analysis: "breakdown",
      params: { measures: ["visitors", "visits"], dimensions: ["event:page"] },
      from: START,
      to: START + LINES * 1000,
      timeZone: "UTC",
      filters: filtersOf(n),
    }),
  );
  let told = 0;
  const watch = () => {
    told += 1;
    return false;
  };
  const shard: Pick<SiteShardRpc, "scan"> = shardOfSite(site);
  const { cancelled, partials } = await shard.scan(requests, undefined, watch);
  expect({ cancelled, partials, told }).toEqual({ cancelled: true, partials: [], told: 1 });
});

it("stops in every shard when the client of a plain answer hangs up", async () => {
  const { promise: hungUp, resolve: hangUp } = Promise.withResolvers<void>();
  const begun: ReturnType<SiteShard["scan"]>[] = [];
  const { scan } = SiteShard.prototype;
  // The shards' own scans, begun only when the client has gone; what is asked without requests says where `all` begins.
  const scans = vi.spyOn(SiteShard.prototype, "scan").mockImplementation(function (this: SiteShard, ...asked) {
    if (asked[0].length === 0) return scan.apply(this, asked);
    const reply = hungUp.then(() => scan.apply(this, asked));
    begun.push(reply);
    return reply;
  });
  const client = new AbortController();
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "cache-control": "no-cache" };
  const heavy = questions().map((one) => ({ ...one, dimensions: ["event:page", "time:hour"] }));
  const init = { method: "POST", body: JSON.stringify(heavy), headers, signal: client.signal };
  const answer = exports.default.fetch(`${ORIGIN}/api/v2/query`, init);
  await vi.waitFor(() => expect(begun).toHaveLength(2), { timeout: 15_000 });
  client.abort();
  await expect(answer).rejects.toThrow();
  hangUp();
  const replies = await Promise.all(begun);
  scans.mockRestore();
  expect(replies.map(({ cancelled, scanned }) => ({ cancelled, scanned }))).toEqual([
    { cancelled: true, scanned: 0 },
    { cancelled: true, scanned: 0 },
  ]);
  expect((await shardOfSite(site).stats()).scanBytes.now).toBe(0);
});

it("countries are called by their names in the runtime, too", async () => {
  const question = { site_id: site.id, metrics: ["events"], date_range: "all", dimensions: ["visit:country_name"] };
  const { results } = await ok<QueryResult>("POST", "/api/v2/query", question);
  expect(results).toEqual([{ dimensions: ["Germany"], metrics: [LINES] }]);
});
