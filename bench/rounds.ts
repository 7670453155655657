// The rounds of the soak, each on a site of its own: load under kills, and garbage under load. A round returns what it saw
// in a line, or throws with what was wrong.

import { connectTestApi } from "../test/support/api.ts";
import { miscounts, pathsByQuery, pathsInD1 } from "../test/support/counted-paths.ts";
import { expectNone, faultRound, type Kill, type Rounds } from "../test/support/fault-round.ts";
import { faultOf, type Garbage, someGarbage } from "../test/support/garbage.ts";
import type { TestServer } from "../test/support/server.ts";
import { startStubbornLoad } from "../test/support/stubborn-load.ts";
import type { Random } from "../workers/local/simulator/random.ts";

export interface Soak {
  server: TestServer;
  random: Random;
  /** By site: what was acknowledged, to be counted again at the end of each stretch. */
  acknowledged: Map<string, ReadonlySet<string>>;
  /** The sites that are killed, and by what. */
  rounds: Rounds;
  kills: Kill[];
}

const GARBAGE = 600;
const AT_ONCE = 8;

async function newSite({ server, acknowledged, random }: Soak): Promise<string> {
  const id = `round-${acknowledged.size + 1}`;
  await connectTestApi(server).createSite({ id, shards: 1 + random.below(4) });
  return id;
}

/** Kills of random victims while events come in and the shards do their upkeep. */
export async function killRound(soak: Soak): Promise<string> {
  const { kills, site, events } = await faultRound(soak.rounds);
  soak.kills.push(...kills);
  for (const { id, acknowledged } of soak.rounds.sites) soak.acknowledged.set(id, acknowledged);
  const told = kills.map(({ victim, cutOff }) => `${victim} inside ${cutOff.join(", ") || "nothing"}`);
  return `${site}: killed ${told.join("; ")}; ${events} events once`;
}

/** Garbage at every door while good events come in: no failure, and the good ones are counted. */
export async function fuzzRound(soak: Soak): Promise<string> {
  const { server, random, acknowledged } = soak;
  const site = await newSite(soak);
  const api = connectTestApi(server);
  await api.createSite({ id: `${site}-garbage` });
  const seed = random.below(2 ** 31);
  const requests = someGarbage(`${site}-garbage`, server.adminToken, { seed, count: GARBAGE });
  const load = startStubbornLoad(server, { site, singles: 3, batches: 1, imports: 1 });
  const faults: string[] = [];
  const next = requests[Symbol.iterator]();
  const throwAll = async () => {
    for (const request of next) {
      const fault = await sendGarbage(server.url, request);
      if (fault !== null) faults.push(fault);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, throwAll));
  await load.finish();
  acknowledged.set(site, load.acknowledged);
  expectNone(load.forgotten, "acknowledged and taken again");
  expectNone(faults, `seed ${seed}`);
  expectNone(miscounts(load.acknowledged, await pathsByQuery(api, site)));
  return `${site}: ${requests.length} pieces of garbage refused or taken in order; ${load.acknowledged.size} events once`;
}

async function sendGarbage(url: string, { method, path, headers, body }: Garbage): Promise<string | null> {
  const response = await fetch(url + path, { method, headers, body: body && new Uint8Array(body) });
  const type = response.headers.get("content-type") ?? "";
  const answer = { status: response.status, type, body: await response.text() };
  return faultOf({ method, path, headers, body }, answer);
}

/** Every site so far, by query and in D1, around a clean stop. */
export async function recount({ server, acknowledged }: Soak): Promise<string> {
  const api = connectTestApi(server);
  for (const [site, paths] of acknowledged) {
    expectNone(miscounts(paths, await pathsByQuery(api, site)));
    await api.flush(site);
  }
  await server.stop();
  for (const [site, paths] of acknowledged) expectNone(miscounts(paths, pathsInD1(server.dataDir, site)));
  await server.restart();
  const events = [...acknowledged.values()].reduce((sum, paths) => sum + paths.size, 0);
  return `recount: ${events} events of ${acknowledged.size} sites once, by query and in D1`;
}
