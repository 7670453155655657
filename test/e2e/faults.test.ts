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
  it.each(VICTIMS)(
    "of %s, every acknowledged event is counted once, also while history moves to more shards",
    async (victim) => {
      const [still, moved] = [`killed-${victim}`, `moved-${victim}`];
      await api.createSite({ id: still, shards: 3 });
      await api.createSite({ id: moved, shards: 2 });
      const sites = [still, moved].map((site) => ({ site, load: startStubbornLoad(server, { site, ...MIXED }) }));
      const [atRest, moving] = sites.map(({ load }) => load);
      const bothMore = (count: number) => Promise.all(sites.map(({ load }) => load.more(count)));
      await bothMore(300);
      await api.raiseShards(moved, 5);
      await moving!.more(20);
      await server.kill(victim);
      // workerd alone is started again by node.
      if (victim === "workerd") await server.answers();
      else await server.restart();
      await bothMore(300);
      await expect.poll(async () => (await api.site(moved)).epoch, { timeout: 60_000, interval: 100 }).toBe(2);
      await moving!.more(100);
      await Promise.all(sites.map(({ load }) => load.finish()));

      expect(atRest!.repeats).toBeGreaterThan(0);
      for (const { site, load } of sites) {
        expect(load.forgotten).toEqual([]);
        expect(miscounts(load.acknowledged, await pathsByQuery(api, site))).toEqual([]);
        acknowledged.set(site, load.acknowledged);
      }
    },
  );

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
