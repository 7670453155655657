import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LiveCount, LiveMessage } from "../../workers/domain/live.ts";
import type { Site } from "../../workers/domain/site.ts";
import { liveSite } from "../../workers/store/objects.ts";
import { closeViewers, type Viewer, viewers, watch } from "./viewer.ts";
import { aView, call, crashShards, createSite, fetchRaw, from, ok, runAlarms, sendTaken } from "./worker.ts";

afterEach(() => {
  closeViewers();
  vi.useRealTimers();
});

const counts = (list: LiveCount[] | undefined) =>
  Object.fromEntries((list ?? []).map(({ name, count }) => [name, count]));
const polled = (read: () => unknown) => expect.poll(read, { timeout: 8000, interval: 20 });
const eventsOf = (viewer: Viewer) => viewer.state()?.minutes.reduce((sum, minute) => sum + minute.events, 0);

describe("the live page", () => {
  it("begins with what there is and follows with absolute counts, none of them twice", async () => {
    const site = await createSite({ shards: 3 });
    for (let i = 0; i < 5; i++) await sendTaken(aView(site, { url: "https://example.com/before" }), from(i));
    const viewer = await watch(site);
    expect(viewer.messages[0]).toMatchObject({ type: "snapshot", sequence: expect.any(Number) });
    expect(viewer.state()).toMatchObject({ visitors: 5, pages: [{ name: "/before", count: 5 }] });
    for (let i = 3; i < 9; i++) await sendTaken(aView(site, { url: "https://example.com/after" }), from(i));
    await polled(() => viewer.state()?.visitors).toBe(9);
    await polled(() => counts(viewer.state()?.pages)).toEqual({ "/before": 3, "/after": 6 });
    await polled(() => eventsOf(viewer)).toBe(11);
    const keys = viewer.state()?.events.map((event) => event.key) ?? [];
    expect([keys.length, new Set(keys).size]).toEqual([11, 11]);
    const sequences = viewer.messages.map((message) => message.sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(JSON.stringify(viewer.messages)).not.toMatch(/visitorId|userId/);
  });

  it("sends at most two messages a second, whoever joins meanwhile", async () => {
    const site = await createSite();
    const viewer = await watch(site);
    const begun = Date.now();
    for (let i = 0; i < 40; i++) {
      await sendTaken(aView(site), from(i));
      if (i % 10 === 5) await watch(site);
    }
    await polled(() => viewer.state()?.visitors).toBe(40);
    const seconds = (viewer.messages.at(-1)!.now - begun) / 1000;
    // The snapshot, one at once, then two a second.
    expect(viewer.messages.length).toBeLessThanOrEqual(3 + 2 * seconds);
    const times = viewer.messages.slice(1).map((message) => message.now);
    for (const [i, time] of times.entries()) if (i > 0) expect(time - times[i - 1]!).toBeGreaterThanOrEqual(495);
    for (const one of viewers) await polled(() => one.state()?.visitors).toBe(40);
  });

  it("counts goals by event and by page, those added while somebody watches too", async () => {
    const site = await createSite({ shards: 2 });
    const goal = (body: object) => ok<{ id: string }>("POST", `/api/v1/sites/${site.id}/goals`, body);
    await goal({ kind: "event", match: "signup", name: "Sign-up" });
    const viewer = await watch(site);
    expect(viewer.messages[0]).toMatchObject({ state: { goals: [{ name: "Sign-up", count: 0 }] } });
    await sendTaken([{ ...aView(site), name: "signup" }, aView(site, { url: "https://example.com/shop/1" })], from(1));
    await sendTaken({ ...aView(site), name: "signup" }, from(2));
    await polled(() => counts(viewer.state()?.goals)).toEqual({ "Sign-up": 2 });
    const { id } = await goal({ kind: "page", match: "/shop/*" });
    await polled(() => counts(viewer.state()?.goals)).toEqual({ "Sign-up": 2, "/shop/*": 1 });
    await ok("DELETE", `/api/v1/sites/${site.id}/goals/${id}`);
    await polled(() => counts(viewer.state()?.goals)).toEqual({ "Sign-up": 2 });
  });

  it("is right again after the site's object and its shards were ended, on the same socket", async () => {
    const site = await createSite({ shards: 2 });
    for (let i = 0; i < 4; i++) await sendTaken(aView(site), from(i));
    const viewer = await watch(site);
    await evictDurableObject(liveSite(env, site));
    await sendTaken(aView(site), from(4));
    await polled(() => viewer.state()?.visitors).toBe(5);
    await crashShards(site);
    await sendTaken(aView(site), from(5));
    await polled(() => viewer.state()?.visitors).toBe(6);
    await polled(() => eventsOf(viewer)).toBe(6);
    const keys = viewer.state()?.events.map((event) => event.key) ?? [];
    expect([keys.length, new Set(keys).size]).toEqual([6, 6]);
    const { events, visitors } = (await watch(site)).state() ?? {};
    expect([visitors, events?.map((event) => event.key).sort()]).toEqual([6, keys.sort()]);
  });

  it("gives who comes back the whole truth, without what they had", async () => {
    const site = await createSite();
    const first = await watch(site);
    await sendTaken(aView(site), from(1));
    await polled(() => first.state()?.visitors).toBe(1);
    first.close();
    await sendTaken([aView(site), aView(site)], from(2));
    await runAlarms(site);
    const again = await watch(site);
    expect(again.messages[0]).toMatchObject({ type: "snapshot", state: { visitors: 2 } });
    expect(eventsOf(again)).toBe(3);
  });

  it("goes on for the others when one leaves, in whatever way", async () => {
    const site = await createSite();
    const [stays, leaves, vanishes] = [await watch(site), await watch(site), await watch(site)];
    leaves.socket.close(1001, "going away");
    vanishes.socket.close();
    for (let i = 0; i < 3; i++) await sendTaken(aView(site), from(i));
    await polled(() => stays.state()?.visitors).toBe(3);
  });

  it("answers a ping without waking", async () => {
    const site = await createSite();
    const { socket } = await watch(site);
    const answers: unknown[] = [];
    socket.addEventListener("message", ({ data }) => void answers.push(data));
    socket.send("ping");
    await polled(() => answers).toContain("pong");
    socket.send("anything else");
    socket.send(new Uint8Array(1000));
  });
});

describe("the door to the live page", () => {
  const live = (site: Site, options: object) => call("GET", `/api/v1/sites/${site.id}/live`, options);

  it("is shut to those who may not ask", async () => {
    const site = await createSite();
    const upgrade = { upgrade: "websocket" };
    expect((await live(site, { token: "", headers: upgrade })).status).toBe(401);
    expect((await live(site, { token: "garbage", headers: upgrade })).status).toBe(401);
    const forged = { ...upgrade, "x-edgewise-site": JSON.stringify({ id: site.id, shards: 1 }) };
    expect((await live(site, { token: "", headers: forged })).status).toBe(401);
    const keyFor = (scopes: string[]) =>
      ok<{ key: string }>("POST", `/api/v1/sites/${site.id}/keys`, { label: "k", scopes });
    expect((await live(site, { token: (await keyFor(["import"])).key, headers: upgrade })).status).toBe(403);
    const other = await createSite();
    const { key } = await keyFor(["query"]);
    expect((await live(other, { token: key, headers: upgrade })).status).toBe(404);
    const response = await fetchRaw("GET", `/api/v1/sites/${site.id}/live`, { token: key, headers: upgrade });
    expect(response.status).toBe(101);
    response.webSocket?.accept();
    response.webSocket?.close();
  });

  it("tells a plain request what it is for", async () => {
    const site = await createSite();
    expect(await live(site, {})).toMatchObject({ status: 400, body: { code: "invalid" } });
    const missing = await call("GET", "/api/v1/sites/no-such-site/live", { headers: { upgrade: "websocket" } });
    expect(missing.status).toBe(404);
  });

  it("lets nobody say which site it is for by a header of their own", async () => {
    const [site, other] = [await createSite(), await createSite()];
    await sendTaken(aView(other));
    const headers = { upgrade: "websocket", "x-edgewise-site": JSON.stringify({ id: other.id, shards: 1 }) };
    const { webSocket } = await fetchRaw("GET", `/api/v1/sites/${site.id}/live`, { headers });
    const messages: LiveMessage[] = [];
    webSocket?.addEventListener("message", ({ data }) => void messages.push(JSON.parse(String(data))));
    webSocket?.accept();
    await polled(() => messages[0]).toMatchObject({ state: { visitors: 0 } });
    webSocket?.close();
  });
});
