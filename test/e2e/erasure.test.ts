// After an erasure nothing of the person is in any byte of the state folder, nothing else has changed, and a kill at any point
// of it ends the same.

import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import {
  EVENTS_EACH,
  importOlderUsers,
  importUsers,
  type KnownUser,
  OLD_EVENTS_EACH,
  sendUsers,
  tellOf,
  USER_NUMBERS,
  userOf,
} from "../support/known-users.ts";
import { startTestServer, type TestServer, type Victim } from "../support/server.ts";
import { archivedText, filesBelow, type Place, sealedText, tracesOf } from "../support/traces.ts";

const SITE = "erasing.example";
/** The same without the persons that are erased. */
const TWIN = "twin.example";
const HERE_NOW = USER_NUMBERS.filter((number) => number % 10 === 7);
const [FIRST, ...LATER] = [17, 57, 317, 607, 777, 997, 27, 87, 127].map(userOf) as [KnownUser, ...KnownUser[]];
const ALL = [FIRST, ...LATER];
const isErased = (number: number) => ALL.some((user) => user.number === number);
/** In the shards, and with the archive. */
const HELD_NOW = EVENTS_EACH + 3;
const HELD = HELD_NOW + OLD_EVENTS_EACH;
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
  server = await startTestServer({ trustProxy: true, script: "test/support/serve-ringing.ts" });
  api = connectTestApi(server);
}, 60_000);
afterAll(() => server.discard());

const filesAndSegments = async (): Promise<Place[]> => [
  ...filesBelow(server.dataDir),
  ...sealedText(server.dataDir),
  ...(await archivedText(server.dataDir)),
];

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

/** A day is rolled up half an hour after its end. */
const SETTLED = Date.now() - 3_600_000;
const dayBefore = (days: number): string => new Date(SETTLED - days * 86_400_000).toISOString().slice(0, 10);
const PAST: [string, string] = [dayBefore(13), dayBefore(1)];

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

const sitePath = (path: string) => `/api/v1/sites/${SITE}${path}`;
const ring = (minutes: number) => fetch(`${server.url}/ring?minutes=${minutes}`, { method: "POST" });

async function incident(): Promise<string> {
  const { body } = await api.request<{ incidents: { id: string }[] }>("GET", sitePath("/incidents"));
  return sitePath(`/incidents/${body.incidents[0]!.id}`);
}

/** An alert fires, and a note for each of them is written to it. */
async function note(users: readonly KnownUser[]): Promise<void> {
  const conditions = [{ kind: "threshold", metric: "events", minutes: 60, is: "above", value: 0 }];
  const { status } = await api.request("POST", sitePath("/alert-rules"), { body: { name: "Busy", conditions } });
  expect(status).toBe(201);
  for (const minutes of [1, 2, 3]) await ring(minutes);
  for (const user of users) {
    const body = { text: noteOf(user) };
    expect((await api.request("POST", `${await incident()}/notes`, { body })).status).toBeLessThan(300);
  }
}

async function notes(): Promise<string[]> {
  const { body } = await api.request<{ entries: { kind: string; text: string }[] }>("GET", await incident());
  return body.entries.filter(({ kind }) => kind === "note").map(({ text }) => text);
}

const noteOf = ({ userId, customer }: KnownUser) => `${userId} was asked by ${customer}`;

const eventsOf = async (site: string): Promise<number> => {
  const { results } = await api.query({ metrics: ["events"], date_range: "all", filters: [BY_EVENTS] }, site);
  return Number(results[0]?.metrics[0] ?? 0);
};

async function archivedDays(site: string): Promise<string[]> {
  const { body } = await api.request<{ days: { state: string }[] }>("GET", `/api/v1/sites/${site}/archive`);
  return body.days.map(({ state }) => state);
}

const erasurePath = `/api/v1/sites/${SITE}/erasures`;

const lineOf = ({ receipt }: Erasure, store: string) => receipt.find((line) => line.store === store);

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
  it("is in the log, segments, D1, roll-ups and the archive", async () => {
    for (const [site, numbers] of [
      [SITE, USER_NUMBERS],
      [TWIN, USER_NUMBERS.filter((number) => !isErased(number))],
    ] as const) {
      await api.createSite({ id: site });
      expect(await importUsers(api, site, numbers)).toBe(numbers.length * EVENTS_EACH);
      expect(await importOlderUsers(api, site, numbers)).toBe(numbers.length * OLD_EVENTS_EACH);
      // What moves becomes segments at once; the old object keeps all of it for a day.
      await api.raiseShards(site, 2);
      await expect.poll(async () => (await api.site(site)).epoch, PATIENCE).toBe(2);
    }
    // The hourly jobs run at each start; older days go to the archive then.
    const retention = { archive: { afterDays: 7, months: null } };
    for (const site of [SITE, TWIN]) await api.request("PATCH", `/api/v1/sites/${site}`, { body: { retention } });
    await server.restart();
    for (const site of [SITE, TWIN]) {
      await expect.poll(() => archivedDays(site), PATIENCE).toEqual(Array.from({ length: 4 }, () => "dropped"));
      // What the archive's job saw it sealed; this stays in the log.
      const now = HERE_NOW.filter((number) => site === SITE || !isErased(number));
      expect(await sendUsers(api, site, now)).toBe(now.length * 3);
      await tellOf(api, site, site === SITE ? ALL : ALL.map(() => ({ userId: "somebody", customer: "else" })));
      await expect.poll(async () => (await api.status(site)).shards.at(-1)?.segments, PATIENCE).toBeGreaterThan(0);
      await expect.poll(async () => (await rolledUp(site))[0]?.source, PATIENCE).toBe("rollups");
      await api.flush(site);
    }
    expect((await api.status(SITE)).shards[0]?.logRows).toBeGreaterThan(0);
    await note(ALL);
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
    const places = await filesAndSegments();
    for (const user of ALL) {
      const found = tracesOfUser(user, places).join("\n");
      for (const text of [user.userId, user.own, user.customer, ...pseudonyms.get(user.number)!]) {
        expect(found).toContain(text);
      }
      expect(tracesOf([user.own], await archivedText(server.dataDir))).toHaveLength(4);
    }
    await server.restart();
  }, 400_000);
});

describe("after the first of them was erased", () => {
  it("nothing of them is in any file, decoded or not", async () => {
    const [before, rolls] = [await eventsOf(SITE), await rolledUp(SITE)];
    expect(await notes()).toEqual(ALL.map(noteOf));
    const body = { names: [FIRST.customer] };
    const path = `/api/v1/sites/${SITE}/users/${encodeURIComponent(FIRST.userId)}`;
    const { status, body: begun } = await api.request<Erasure>("DELETE", path, { body });
    expect(status).toBe(202);
    const receipt = await done(begun.id);
    expect(lineOf(receipt, "shards")).toMatchObject({ removed: { events: HELD_NOW, named: 1 } });
    expect(lineOf(receipt, "archive")).toMatchObject({ removed: { days: 4, events: OLD_EVENTS_EACH, named: 0 } });
    expect(await eventsOf(SITE)).toBe(before - HELD);
    expect(await rolledUp(SITE)).toEqual(rolls);
    expect(await heldOf(FIRST)).toEqual([]);
    expect(lineOf(receipt, "alerts")).toMatchObject({ removed: { texts: 1 } });
    expect(await notes()).toEqual(["(erased)", ...LATER.map(noteOf)]);
    expect(JSON.stringify(receipt)).not.toMatch(/kestrel|harrier|osprey/);
    await server.stop();
    const places = await filesAndSegments();
    expect(tracesOfUser(FIRST, places)).toEqual([]);
    expect(tracesOfUser(LATER[0]!, places)).not.toEqual([]);
    await server.restart();
  }, 240_000);
});

/** How far a request is, by what D1's file says of it, and whether the site's visitors move. */
interface Standing {
  state: string;
  archived: string | null;
  lines: number;
  moves: boolean;
  epoch: number;
}

/** Read from the file itself, whether or not anything runs. */
function openRows(): DatabaseSync {
  const files = filesBelow(server.dataDir).filter(({ name }) => name.endsWith(".sqlite"));
  for (const { name } of files) {
    const db = new DatabaseSync(join(server.dataDir, name), { readOnly: true });
    if (db.prepare("select 1 from sqlite_master where name = 'erasures'").get()) return db;
    db.close();
  }
  throw new Error("no file has the requests");
}

function standingOf(db: DatabaseSync, known: ReadonlySet<string>): Standing | null {
  const rows = db
    .prepare(
      `select e.id, e.state, e.archived, json_array_length(e.removed) as lines, s.next_shards is not null as moves, s.epoch
       from erasures e join sites s on s.id = e.site_id where e.kind = 'erasure' and e.site_id = ?`,
    )
    .all(SITE);
  const row = rows.find(({ id }) => !known.has(String(id)));
  if (!row) return null;
  return {
    state: String(row.state),
    archived: row.archived === null ? null : String(row.archived),
    lines: Number(row.lines),
    moves: Number(row.moves) === 1,
    epoch: Number(row.epoch),
  };
}

describe("killed in mid-erasure and started again", () => {
  type Step = (standing: Standing, first: number) => boolean;
  const STEPS: readonly [string, Victim, Step][] = [
    ["when it is taken and nothing done", "both", ({ state }) => state === "requested"],
    [
      "when it is found whose it is",
      "workerd",
      ({ state, archived, lines }) => state === "found" && !archived && lines === 0,
    ],
    ["while the archive is written anew", "both", ({ archived, lines }) => archived !== null && lines === 0],
    ["while visitors move", "both", ({ lines, moves }) => lines === 1 && moves],
    ["when they have moved", "workerd", ({ lines, moves, epoch }, first) => lines === 1 && !moves && epoch > first],
    ["when the shards are through", "both", ({ state, lines }) => state === "found" && lines >= 2],
  ];

  const idsOfRequests = async () => {
    const { body } = await api.request<{ erasures: Erasure[] }>("GET", erasurePath);
    return new Set(body.erasures.map(({ id }) => id));
  };

  /** Whether the machine went away in that step, as its files say. */
  async function killedIn(user: KnownUser, victim: Victim, step: Step): Promise<boolean> {
    const [before, { epoch: first }, known] = [await eventsOf(SITE), await api.site(SITE), await idsOfRequests()];
    const rows = openRows();
    let isCut: boolean;
    try {
      const body = { userId: user.userId, names: [user.customer] };
      // Nobody waits for the answer, which may never come.
      const asked = api.request<Erasure>("POST", erasurePath, { body }).catch(() => undefined);
      await expect
        .poll(
          () => {
            const standing = standingOf(rows, known);
            return standing !== null && (standing.state === "done" || step(standing, first));
          },
          { timeout: 60_000, interval: 2 },
        )
        .toBe(true);
      await server.kill(victim);
      const left = standingOf(rows, known);
      isCut = left !== null && step(left, first);
      await asked;
    } finally {
      rows.close();
    }
    if (victim === "both") await server.restart();
    await server.answers();
    const { body } = await api.request<{ erasures: Erasure[] }>("GET", erasurePath);
    const one = body.erasures.find(({ id, kind }) => kind === "erasure" && !known.has(id));
    const receipt = await done(one!.id);
    expect(lineOf(receipt, "shards")).toMatchObject({ removed: { events: HELD_NOW, named: 1 } });
    expect(await eventsOf(SITE)).toBe(before - HELD);
    expect(await heldOf(user)).toEqual([]);
    return isCut;
  }

  it.each(STEPS)(
    "%s, it ends the same",
    async (_, victim, step) => {
      // A step may be over before the kill comes: then another person's is cut.
      for (let isCut = false; !isCut; ) {
        const user = LATER.shift();
        expect(user, "no step was cut").toBeDefined();
        isCut = await killedIn(user!, victim, step);
      }
    },
    400_000,
  );

  it("nothing of any of them is left, and every other answer is that of a site that never had them", async () => {
    for (const { userId, customer } of LATER) {
      const body = { userId, names: [customer] };
      await done((await api.request<Erasure>("POST", erasurePath, { body })).body.id);
    }
    expect(await answersOf(SITE)).toEqual(await answersOf(TWIN));
    await server.stop();
    const places = await filesAndSegments();
    for (const user of ALL) expect(tracesOfUser(user, places)).toEqual([]);
  }, 400_000);
});
