import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { restorableEvents, restorableMemory } from "../../workers/api/restorable-events.ts";
import { eventLine, splitEventLine } from "../../workers/domain/backup.ts";
import type { Problem } from "../../workers/domain/errors.ts";
import { packEvent } from "../../workers/domain/event.ts";
import type { Site } from "../../workers/domain/site.ts";
import { userPseudonym } from "../../workers/ingest/identity.ts";
import { backups } from "../../workers/store/personal/backups.ts";
import { seal, unseal } from "../../workers/store/sealed.ts";
import { identityKey } from "../../workers/store/secrets.ts";
import { createEventEditor } from "../../workers/store/subjects/edit-events.ts";
import { createSeal } from "../../workers/store/subjects/seal-ids.ts";
import { anEvent } from "../support/events.ts";
import { siteNow, withAlarms } from "./moving.ts";
import {
  aView,
  call,
  createSite,
  evictShards,
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
});

const KEY = btoa("k".repeat(32));
const begin = () =>
  ok<{ id: string; identityKey: string; tables: string[] }>("POST", "/api/v1/backups", { name: "b.tar", key: KEY });
const shardOf = (id: string, site: Site) => `/api/v1/backups/${id}/sites/${site.id}/shards/0`;

async function linesOf(path: string): Promise<string[]> {
  const response = await fetchRaw("GET", path);
  expect(response.status).toBe(200);
  return new TextDecoder()
    .decode(await response.arrayBuffer())
    .split("\n")
    .filter((line) => line !== "");
}

it("a cut stays as it was while events come in and the log is sealed, and ends with its object", async () => {
  const site = await createSite();
  await sendTaken([1, 2, 3].map((page) => aView(site, { url: `https://example.com/${page}` })));
  const { id } = await begin();
  const at = shardOf(id, site);
  const { token, events } = await ok<{ token: string; events: number }>("POST", at);
  expect(events).toBe(3);
  await sendTaken(aView(site, { url: "https://example.com/late" }), from("late"));
  const other = await ok<{ token: string; events: number }>("POST", at);
  expect(other.events).toBe(4);
  expect((await call("GET", `${at}/events?token=${token}`)).status).toBe(409);
  await sendTaken(aView(site, { url: "https://example.com/later" }), from("later"));
  const lines = await linesOf(`${at}/events?token=${other.token}`);
  expect(lines.map((line) => JSON.parse(line)[1][8]).sort()).toEqual(["/1", "/2", "/3", "/late"]);
  await evictShards(site);
  expect((await call("GET", `${at}/events?token=${other.token}`)).status).toBe(409);
});

it("what is made is listed, told to who was erased, and cannot be ended twice or with an import undone meanwhile", async () => {
  const { id, identityKey } = await begin();
  expect(await unseal(identityKey, KEY)).toBe(await env.SECRETS.get("identity"));
  const end = { events: 0, checksum: "0".repeat(64) };
  const removed = async () =>
    backups.erase(env, await createSite(), { id: "", userId: "", persistentIds: [], visitorIds: [], names: [] });
  expect(await removed()).toMatchObject({ note: "none was made" });
  await ok("POST", `/api/v1/backups/${id}/end`, end);
  expect((await call("POST", `/api/v1/backups/${id}/end`, { body: end })).status).toBe(404);
  expect(await removed()).toMatchObject({ removed: {}, note: expect.stringContaining("b.tar (") });
  const site = await createSite();
  const importId = "log-of-old";
  await ok("POST", `/api/v1/sites/${site.id}/import`, { import: { id: importId, label: "log" }, events: [] });
  const second = await begin();
  await ok("DELETE", `/api/v1/sites/${site.id}/import/${importId}`);
  expect((await call("POST", `/api/v1/backups/${second.id}/end`, { body: end })).status).toBe(409);
});

it("a restore is refused where something is, of a newer version, and under another secret", async () => {
  await createSite();
  const asked = {
    ...{ version: 1, name: "b", madeAt: 1, migration: "0000_first.sql", checksum: "1".repeat(64), sites: [] },
    identity: null as unknown,
  };
  const refusal = async (body: object) => {
    const { status, body: problem } = await call<Problem>("POST", "/api/v1/restores", { body });
    return [status, problem.errors?.[0]?.path ?? ""];
  };
  expect(await refusal(asked)).toEqual([409, ""]);
  expect(await refusal({ ...asked, version: 2 })).toEqual([400, "version"]);
  expect(await refusal({ ...asked, migration: "9999_later.sql" })).toEqual([400, "migration"]);
  const identity = { sealed: await seal("00", "another secret"), key: KEY };
  expect(await refusal({ ...asked, identity })).toEqual([400, "identity.key"]);
  const { id } = await ok<{ id: string }>("POST", "/api/v1/restores", { ...asked, force: true });
  const again = await ok<{ id: string }>("POST", "/api/v1/restores", asked);
  expect(again.id).toBe(id);
  const row = { id: "g-1", site_id: "s", name: "G", kind: "event", match: "g", created_at: 1 };
  const put = (rows: object[]) =>
    call("PUT", `/api/v1/restores/${id}/tables/goals`, { body: rows.map((one) => JSON.stringify(one)).join("\n") });
  expect(await put([row])).toMatchObject({ status: 200, body: { rows: 1 } });
  expect(await put([{ ...row, name: "Again" }])).toMatchObject({ status: 200 });
  expect(await put([{ ...row, "x) --": 1 }])).toMatchObject({ status: 400 });
  const kept = await env.DB.prepare("select name from goals where id = 'g-1'").first();
  expect(kept).toEqual({ name: "Again" });
});

it("what erased people had brought to counts comes along, and those erased since the backup do not", async () => {
  const at = Date.now() - 26 * HOUR_MS;
  const site = await createSite();
  const consent = { analytics: true };
  for (const user of ["ada", "bob", "cleo"]) {
    const views = [0, 1, 2].map((i) =>
      aView(site, { at: at + i * 60_000, userId: user, persistentId: `browser-of-${user}`, consent }),
    );
    await sendTaken(views, from(user));
  }
  await passHours(site, 26);
  await passHours(site);
  const events = (of: Site, filters: unknown[] = []) => rows(of, { metrics: ["events"], filters });
  const BY_EVENTS = [["is_not", "event:props:none", ["x"]]];
  const erase = (of: Site, user: string) => withAlarms(of, ok("DELETE", `/api/v1/sites/${of.id}/users/${user}`, {}));
  await erase(site, "ada");
  expect([await events(site), await events(site, BY_EVENTS)]).toEqual([[[9]], [[6]]]);
  const { id, ...backup } = await begin();
  const now = await siteNow(site);
  const { token, memory } = await ok<{ token: string; memory: string }>("POST", shardOf(id, now));
  const lines = await linesOf(`${shardOf(id, now)}/events?token=${token}`);
  const ofSites = await linesOf(`/api/v1/backups/${id}/tables/sites`);
  // Under another name, as if on another machine; one of them is erased there by then.
  const copy = { ...site, id: `${site.id}-copy` as Site["id"], epoch: 1 }; // as ids are
  const key = { identityKey: await identityKey(env), siteId: copy.id };
  const bob = createSeal(key)(userPseudonym(key.identityKey, site.id, "bob"));
  const erased = [{ site: copy.id, userId: bob, sealed: true }];
  const sites = [{ id: copy.id, timeZone: site.timeZone, jurisdiction: site.jurisdiction, shards: 1 }];
  const asked = { version: 1, name: "b", madeAt: 1, migration: "0000_first.sql", checksum: "2".repeat(64) };
  const restore = { ...asked, sites, erased, identity: null, force: true };
  const to = `/api/v1/restores/${(await ok<{ id: string }>("POST", "/api/v1/restores", restore)).id}`;
  const put = async (path: string, body: string) =>
    expect(await call("PUT", to + path, { body })).toMatchObject({ status: 200, body: expect.any(Object) });
  const shard = `/sites/${copy.id}/shards/0`;
  await put(`${shard}/events?number=1`, lines.join("\n"));
  await put(`${shard}/memory?number=2`, memory);
  await put(`${shard}/memory?number=2`, memory);
  const row = ofSites.map((line) => JSON.parse(line)).find((one) => one.id === site.id);
  await put("/tables/sites", JSON.stringify({ ...row, id: copy.id }));
  await ok("POST", `${to}/end`);
  for (let turn = 0; turn < 3; turn++) await passHours(copy);
  expect(backup.tables).toContain("erasures");
  // Three of whom is left, and three that were counted of the one erased before the backup.
  expect([await events(copy), await events(copy, BY_EVENTS)]).toEqual([[[6]], [[3]]]);
});

it.each([false, true])(
  "events of erased people are left out, those of others on the same browser stay, sealed %s",
  (isSealed) => {
    const subject = { id: "", userId: "u1", persistentIds: ["p1"], visitorIds: ["v1"], names: [] };
    const key = { identityKey: new Uint8Array(32), siteId: "s" };
    const sealId = createSeal(key);
    const sealed = {
      ...{ ...subject, sealed: true },
      ...{ userId: sealId("u1"), persistentIds: [sealId("p1")], visitorIds: [sealId("v1")] },
    };
    const editor = createEventEditor([isSealed ? sealed : subject], key);
    const events = [
      anEvent({ userId: "u1" }),
      anEvent({ userId: "u2", persistentId: "p1", path: "/other" }),
      anEvent({ persistentId: "p1" }),
      anEvent({ visitorId: "v1" }),
      anEvent({ visitorId: "v2", path: '/"],[' }),
    ];
    const text = events
      .map((event, i) => eventLine(i === 4 ? 'an "import"' : "", JSON.stringify(packEvent(event))))
      .join("");
    const told = restorableEvents(text, editor);
    expect(told.erased).toBe(3);
    expect(told.events.map(({ importId, count }) => [importId, count])).toEqual([
      ["", 1],
      ['an "import"', 1],
    ]);
    expect(splitEventLine("nothing")).toBeNull();
    const memory = JSON.stringify({
      lines: [],
      ended: [],
      sessions: JSON.stringify([
        ["v1", {}],
        ["v2", {}],
      ]),
    });
    expect(restorableMemory(memory, editor)).not.toContain("v1");
    expect(restorableMemory(memory, editor)).toContain("v2");
  },
);
