// After an erasure nothing of the person is in any byte of the state folder, nothing else has changed, and a kill at any point
// of it ends the same.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import {
  EVENTS_EACH,
  importUsers,
  type KnownUser,
  sendUsers,
  tellOf,
  USER_NUMBERS,
  userOf,
} from "../support/known-users.ts";
import { startTestServer, type TestServer, type Victim } from "../support/server.ts";
import { filesBelow, type Place, sealedText, tracesOf } from "../support/traces.ts";

const SITE = "erasing.example";
/** The same without the persons that are erased. */
const TWIN = "twin.example";
const HERE_NOW = USER_NUMBERS.filter((number) => number % 10 === 7);
const [FIRST, ...LATER] = [17, 57, 317, 607, 777, 997].map(userOf) as [KnownUser, ...KnownUser[]];
const ALL = [FIRST, ...LATER];
const isErased = (number: number) => ALL.some((user) => user.number === number);
const HELD = EVENTS_EACH + 3;
const PATIENCE = { timeout: 120_000, interval: 250 };

let server: TestServer;
let api: TestApi;
/** What stands for each person in what is stored, as the product itself tells it before. */
const pseudonyms = new Map<number, string[]>();

interface Erasure {
  id: string;
  kind: string;
  state: string;
  subject: string;
  receipt: { store: string; removed: Record<string, number>; note: string }[];
}

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
}, 60_000);
afterAll(() => server.discard());

const filesAndSegments = (): Place[] => [...filesBelow(server.dataDir), ...sealedText(server.dataDir)];

/** Ids as 64-bit numbers too, in either order of bytes. */
function idTraces(ids: readonly string[], places: readonly Place[]): string[] {
  return ids.flatMap((id) => {
    const bytes = Buffer.from(id, "hex");
    const forms = [bytes, Buffer.from(bytes).reverse(), Buffer.from(bytes).swap32()];
    return places
      .filter(({ bytes: all }) => forms.some((form) => all.includes(form)))
      .map(({ name }) => `${name}: ${id}`);
  });
}

const tracesOfUser = (user: KnownUser, places: readonly Place[]): string[] => {
  const ids = pseudonyms.get(user.number)!;
  return [...tracesOf([user.userId, user.own, user.customer, ...ids], places), ...idTraces(ids, places)];
};

async function heldOf({ userId }: KnownUser): Promise<Record<string, string>[]> {
  const path = `${server.url}/api/v1/sites/${SITE}/users/${encodeURIComponent(userId)}?format=ndjson`;
  const reply = await fetch(path, { headers: { authorization: `Bearer ${server.adminToken}` } });
  const text = await reply.text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** Whatever is rolled up, the shards are asked: of properties roll-ups know nothing. */
const BY_EVENTS = ["is_not", "event:props:none", ["x"]] as ["is_not", string, string[]];
const QUESTIONS = [
  { metrics: ["visitors", "visits", "pageviews", "events", "bounce_rate", "visit_duration"] },
  { metrics: ["events", "visitors"], dimensions: ["time:hour"] },
  { metrics: ["events", "visitors"], dimensions: ["event:props:who"] },
  { metrics: ["events", "total_revenue"], dimensions: ["event:name"] },
  { metrics: ["visits", "bounce_rate"], dimensions: ["visit:entry_page", "visit:source"] },
];
const ANALYSES = [
  { analysis: "funnel", params: { steps: [{ page: "/p*" }, { event: "signup" }] } },
  { analysis: "retention", params: { cohort: { event: "signup" }, granularity: "day", by: "user" } },
  { analysis: "paths", params: {} },
];

async function answersOf(site: string): Promise<unknown[]> {
  const tables = await Promise.all(
    QUESTIONS.map((question) => api.query({ date_range: "all", filters: [BY_EVENTS], ...question }, site)),
  );
  const analyses = await Promise.all(
    ANALYSES.map(async (question) => {
      const body = { site_id: site, date_range: "all", filters: [BY_EVENTS], ...question };
      const { status, body: answer } = await api.request<{ results: unknown }>("POST", "/api/v2/query", { body });
      expect(answer).toMatchObject({ results: expect.anything() });
      return status === 200 ? answer.results : answer;
    }),
  );
  return [...tables.map(({ results }) => results), ...analyses];
}

const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const PAST: [string, string] = [dayBefore(6), dayBefore(1)];

/** Days that are over, as roll-ups tell them. */
async function rolledUp(site: string) {
  const days = { date_range: PAST, dimensions: ["time:day"] };
  const answers = [
    await api.query({ ...days, metrics: ["visits", "events", "pageviews"] }, site),
    await api.query({ ...days, metrics: ["events"], dimensions: ["event:page"] }, site),
    await api.query({ ...days, metrics: ["visits"], dimensions: ["visit:source"] }, site),
  ];
  return answers.map(({ results, meta }) => ({ results, source: meta.source }));
}

const eventsOf = async (site: string): Promise<number> => {
  const { results } = await api.query({ metrics: ["events"], date_range: "all", filters: [BY_EVENTS] }, site);
  return Number(results[0]?.metrics[0] ?? 0);
};

const placeOf = async (first: number) => {
  const { nextShards, epoch } = await api.site(SITE);
  return { nextShards, isNext: epoch > first };
};

const erasurePath = `/api/v1/sites/${SITE}/erasures`;

/** Asks how far it is until it is done; asking helps it on. */
async function done(id: string): Promise<Erasure> {
  let last: Erasure | undefined;
  await expect
    .poll(async () => {
      const { body } = await api.request<Erasure>("GET", `${erasurePath}/${id}`).catch(() => ({ body: undefined }));
      last = body ?? last;
      return body?.state;
    }, PATIENCE)
    .toBe("done");
  return last!;
}

describe("a site of a thousand users", () => {
  it("is in the log, segments, D1 and roll-ups", async () => {
    for (const [site, numbers] of [
      [SITE, USER_NUMBERS],
      [TWIN, USER_NUMBERS.filter((number) => !isErased(number))],
    ] as const) {
      await api.createSite({ id: site });
      expect(await importUsers(api, site, numbers)).toBe(numbers.length * EVENTS_EACH);
      // What moves becomes segments at once; the old object keeps all of it for a day.
      await api.raiseShards(site, 2);
      await expect.poll(async () => (await api.site(site)).epoch, PATIENCE).toBe(2);
      const now = HERE_NOW.filter((number) => numbers.includes(number));
      expect(await sendUsers(api, site, now)).toBe(now.length * 3);
      await tellOf(api, site, site === SITE ? ALL : ALL.map(() => ({ userId: "somebody", customer: "else" })));
    }
    for (const site of [SITE, TWIN]) {
      await expect.poll(async () => (await api.status(site)).shards.at(-1)?.segments, PATIENCE).toBeGreaterThan(0);
      await expect.poll(async () => (await rolledUp(site))[0]?.source, PATIENCE).toBe("rollups");
      await api.flush(site);
    }
    expect((await api.status(SITE)).shards[0]?.logRows).toBeGreaterThan(0);
  }, 240_000);

  it("has each of the persons in its files", async () => {
    for (const user of ALL) {
      const held = await heldOf(user);
      expect(held).toHaveLength(HELD);
      const ids = held.flatMap(({ userId, visitorId, persistentId }) => [userId!, visitorId!, persistentId!]);
      pseudonyms.set(
        user.number,
        [...new Set(ids)].filter((id) => id !== ""),
      );
    }
    await server.stop();
    const places = filesAndSegments();
    for (const user of ALL) {
      const found = tracesOfUser(user, places).join("\n");
      for (const text of [user.userId, user.own, user.customer, ...pseudonyms.get(user.number)!]) {
        expect(found).toContain(text);
      }
    }
    await server.restart();
  }, 120_000);
});

describe("after the first of them was erased", () => {
  it("nothing of them is in any file, decoded or not", async () => {
    const [before, rolls] = [await eventsOf(SITE), await rolledUp(SITE)];
    const body = { names: [FIRST.customer] };
    const path = `/api/v1/sites/${SITE}/users/${encodeURIComponent(FIRST.userId)}`;
    const { status, body: begun } = await api.request<Erasure>("DELETE", path, { body });
    expect(status).toBe(202);
    const receipt = await done(begun.id);
    expect(receipt.receipt[0]).toMatchObject({ store: "shards", removed: { events: HELD, named: 1 } });
    expect(await eventsOf(SITE)).toBe(before - HELD);
    expect(await rolledUp(SITE)).toEqual(rolls);
    expect(await heldOf(FIRST)).toEqual([]);
    expect(JSON.stringify(receipt)).not.toMatch(/kestrel|harrier|osprey/);
    await server.stop();
    const places = filesAndSegments();
    expect(tracesOfUser(FIRST, places)).toEqual([]);
    expect(tracesOfUser(LATER[0]!, places)).not.toEqual([]);
    await server.restart();
  }, 240_000);
});

describe("killed in mid-erasure and started again", () => {
  type Reached = (site: { nextShards: number | null; isNext: boolean }, one: Erasure) => boolean;
  /** What is waited for before the kill. */
  const POINTS: readonly [string, Victim, Reached][] = [
    ["as soon as it is taken", "both", () => true],
    ["when it was found whose it is", "workerd", (_, { state }) => state === "found"],
    ["while visitors move", "both", ({ nextShards }) => nextShards !== null],
    ["when they have moved", "workerd", ({ nextShards, isNext }) => nextShards === null && isNext],
    ["when the shards are through", "both", (_, { receipt }) => receipt.length > 0],
  ];

  it.each(POINTS)(
    "%s, it ends the same",
    async (_, victim, isReached) => {
      const user = LATER.shift()!;
      const request = { userId: user.userId, names: [user.customer] };
      const [before, { epoch: first }] = [await eventsOf(SITE), await api.site(SITE)];
      // Nobody waits for the answer, which may never come.
      const asked = api.request<Erasure>("POST", erasurePath, { body: request }).catch(() => undefined);
      let one: Erasure | undefined;
      await expect
        .poll(
          async () => {
            const { body } = await api.request<{ erasures: Erasure[] }>("GET", erasurePath);
            one = body.erasures.filter(({ kind }) => kind === "erasure").at(6 - LATER.length - 1);
            return one !== undefined && (one.state === "done" || isReached(await placeOf(first), one));
          },
          { timeout: 60_000, interval: 5 },
        )
        .toBe(true);
      await server.kill(victim);
      await asked;
      if (victim === "both") await server.restart();
      await server.answers();
      const receipt = await done(one!.id);
      expect(receipt.receipt[0]).toMatchObject({ store: "shards", removed: { events: HELD, named: 1 } });
      expect(await eventsOf(SITE)).toBe(before - HELD);
      expect(await heldOf(user)).toEqual([]);
    },
    240_000,
  );

  it("nothing of any of them is left, and every other answer is that of a site that never had them", async () => {
    const names = ALL.map(({ userId, customer }) => [userId, customer]);
    expect(names).toHaveLength(6);
    expect(await answersOf(SITE)).toEqual(await answersOf(TWIN));
    await server.stop();
    const places = filesAndSegments();
    for (const user of ALL) expect(tracesOfUser(user, places)).toEqual([]);
  }, 240_000);
});
