import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Site } from "../../workers/domain/site.ts";
import { checkRollups } from "../../workers/jobs/check-rollups.ts";
import { answersOf, crashAll, moveOn, siteNow } from "./moving.ts";
import { rollupFaults } from "./rolled-up.ts";
import {
  aView,
  call,
  countRaw,
  createSite,
  fetchRaw,
  from,
  HOUR_MS,
  ok,
  passHours,
  rows,
  sendTaken,
} from "./worker.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Erasure {
  id: string;
  state: string;
  subject: string;
  receipt: { store: string; removed: Record<string, number>; note: string }[];
}

const GRANTED = { analytics: "granted", experience: "granted", marketing: "granted" };

/** Events of a user in a browser at an address. */
async function visits(
  site: Site,
  {
    user,
    browser,
    address,
    at = Date.now() - 2 * HOUR_MS,
    ...fields
  }: Record<string, unknown> & { address: string; at?: number },
): Promise<void> {
  const events = Array.from({ length: 4 }, (_, i) => ({
    ...aView(site, { at: at + i * 60_000, url: `https://example.com/p${i}` }),
    ...(user !== undefined && { userId: user }),
    ...(browser !== undefined && { persistentId: browser }),
    consent: GRANTED,
    ...fields,
  }));
  expect(await sendTaken(events, from(address))).toMatchObject({ accepted: 4 });
}

/** Goes on with a request until it is done, with the shards' alarms in between. */
async function finish(site: Site, request: Promise<Erasure>): Promise<Erasure> {
  let told: Erasure | undefined;
  const waiting = request.then((reply) => {
    told = reply;
  });
  for (let turn = 0; turn < 200 && !told; turn++) {
    await moveOn(site).catch(() => undefined);
    await scheduler.wait(10);
  }
  await waiting;
  return told!;
}

const erase = (site: Site, user: string, body: unknown = {}): Promise<Erasure> =>
  finish(site, ok<Erasure>("DELETE", `/api/v1/sites/${site.id}/users/${encodeURIComponent(user)}`, body));

const countsOf = ({ receipt }: Erasure, store: string) => receipt.find((line) => line.store === store)?.removed;

async function accessOf(site: Site, user: string): Promise<Record<string, unknown>[]> {
  const reply = await fetchRaw("GET", `/api/v1/sites/${site.id}/users/${encodeURIComponent(user)}?format=ndjson`);
  const text = await reply.text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe("erasing a user", () => {
  it("takes their events out of the shards and D1, and nobody else's", async () => {
    const site = await createSite();
    await visits(site, { user: "ada@example.com", browser: "b1", address: "a" });
    await visits(site, { user: "bob@example.com", browser: "b2", address: "b" });
    await passHours(site);
    await visits(site, { user: "ada@example.com", browser: "b1", address: "a", at: Date.now() - 60_000 });
    expect(await rows(site, { metrics: ["events"] })).toEqual([[12]]);
    expect(await accessOf(site, "ada@example.com")).toHaveLength(8);
    const done = await erase(site, "ada@example.com");
    expect(done.state).toBe("done");
    expect(countsOf(done, "shards")).toEqual({ events: 8, named: 0 });
    expect(await accessOf(site, "ada@example.com")).toEqual([]);
    expect(await accessOf(site, "bob@example.com")).toHaveLength(4);
    expect(await countRaw(site)).toBe(4);
  });
});
