// After kill -9 the first beacon is stored at once, and the live counters are what they were: with a full log, sealed
// segments and many ids seen. How long it takes is printed and not judged.

import { afterAll, beforeAll, expect, it } from "vitest";
import type { LiveState } from "../../workers/domain/live.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { firstSnapshot } from "../support/live-socket.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "cold";
const BATCHES = 180;
const SENDERS = 6;
const BATCH_EVENTS = 500;
/** Ids seen, most of them sealed; the log holds what came after the last seal. */
const EVENTS = BATCHES * BATCH_EVENTS;

let server: TestServer;
let api: TestApi;

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
});
afterAll(() => server.discard());

async function sendBatch(batch: number): Promise<void> {
  const events = Array.from({ length: BATCH_EVENTS }, (_, i) => ({
    name: i % 5 === 0 ? "signup" : "pageview",
    url: `https://example.com/${(batch * 7 + i) % 60}`,
    id: `cold.${batch}.${i}`,
  }));
  const answer = await api.send({ site: SITE, events }, { "x-forwarded-for": `198.51.${batch >> 8}.${batch % 256}` });
  expect(answer.body.accepted).toBe(BATCH_EVENTS);
}

async function liveNow(): Promise<Pick<LiveState, "visitors" | "pages" | "minutes">> {
  const { visitors, pages, minutes } = await firstSnapshot(
    `${server.url}/api/v1/sites/${SITE}/live`,
    server.adminToken,
  );
  return { visitors, pages, minutes };
}

it("the first beacon after a kill is stored at once, and live counters are right", async () => {
  await api.createSite({ id: SITE });
  let next = 0;
  const sender = async () => {
    while (next < BATCHES) await sendBatch(next++);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const before = await liveNow();
  await server.kill("both");
  await server.restart();

  const began = performance.now();
  const first = await api.send({ site: SITE, name: "signup", url: "https://example.com/0", id: "cold.0.0" });
  const took = performance.now() - began;
  expect([first.status, first.body.duplicate]).toEqual([202, 1]);
  const { shards } = await api.status(SITE);
  console.log(`first beacon after ${Math.round(took)} ms; in the log and segments:`, shards);
  expect((await api.status(SITE)).events).toBe(EVENTS);
  expect(await liveNow()).toEqual(before);
});
