// kill -9 in mid-load and mid-import: what was acknowledged is counted, and nothing is counted twice.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { miscounts, pathsByQuery, pathsInD1 } from "../support/counted-paths.ts";
import { startTestServer, type TestServer, type Victim } from "../support/server.ts";
import { startStubbornLoad } from "../support/stubborn-load.ts";

const VICTIMS: readonly Victim[] = ["workerd", "node", "both"];
const MIXED = { singles: 6, batches: 2, imports: 1 };

let server: TestServer;
let api: TestApi;
/** What each site's senders were told is stored. */
const acknowledged = new Map<string, ReadonlySet<string>>();

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true });
  api = connectTestApi(server);
});
afterAll(() => server.discard());

describe("after a kill in mid-load and a restart", () => {
  it.each(VICTIMS)("of %s, every acknowledged event is counted once", async (victim) => {
    const site = `killed-${victim}`;
    await api.createSite({ id: site, shards: 3 });
    const load = startStubbornLoad(server, { site, ...MIXED });
    await load.more(300);
    await server.kill(victim);
    // workerd alone is started again by node.
    if (victim === "workerd") await server.answers();
    else await server.restart();
    await load.more(300);
    await load.finish();

    expect(load.repeats).toBeGreaterThan(0);
    expect(load.forgotten).toEqual([]);
    expect(miscounts(load.acknowledged, await pathsByQuery(api, site))).toEqual([]);
    acknowledged.set(site, load.acknowledged);
  });

  it.each(VICTIMS)("of %s while history moves to more shards, too", async (victim) => {
    const site = `moved-${victim}`;
    await api.createSite({ id: site, shards: 2 });
    const load = startStubbornLoad(server, { site, ...MIXED });
    await load.more(300);
    await api.raiseShards(site, 5);
    await load.more(20);
    await server.kill(victim);
    if (victim === "workerd") await server.answers();
    else await server.restart();
    await load.more(300);
    await expect.poll(async () => (await api.site(site)).epoch, { timeout: 60_000, interval: 100 }).toBe(2);
    await load.more(100);
    await load.finish();

    expect(load.forgotten).toEqual([]);
    expect(miscounts(load.acknowledged, await pathsByQuery(api, site))).toEqual([]);
    acknowledged.set(site, load.acknowledged);
  });

  it("the copy in D1 holds each of them once too", async () => {
    for (const site of acknowledged.keys()) await api.flush(site);
    await server.stop();
    expect(acknowledged.size).toBe(2 * VICTIMS.length);
    for (const [site, paths] of acknowledged) expect(miscounts(paths, pathsInD1(server.dataDir, site))).toEqual([]);
  });
});

describe("killing node alone", () => {
  it("leaves workerd answering, until the next start ends it", async () => {
    await server.restart();
    const [orphan] = server.pids().workerd;
    await server.kill("node");
    expect(server.pids()).toEqual({ node: null, workerd: [orphan] });
    await server.answers();

    await server.restart();
    expect(server.pids().workerd).toHaveLength(1);
    expect(server.pids().workerd).not.toContain(orphan);
    expect(() => process.kill(orphan ?? 0, 0)).toThrow("ESRCH");
  });
});
