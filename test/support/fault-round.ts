// A round of faults on one site: events come in and its shards do their upkeep without pause, while the server is killed at
// random moments. Then everything that can be asked must say what was acknowledged, before and after all is sealed,
// merged and rolled up.

import { setTimeout as wait } from "node:timers/promises";
import { LIVE_MINUTES, LIVE_WINDOW_MS } from "../../workers/domain/live.ts";
import { type Random, seededRandom, type Weighted } from "../../workers/local/simulator/random.ts";
import { connectTestApi } from "./api.ts";
import { miscounts, pathsByQuery } from "./counted-paths.ts";
import type { TestServer, Victim } from "./server.ts";
import { type StubbornLoad, startStubbornLoad } from "./stubborn-load.ts";
import { CHORES, copiedToD1, finishUpkeep, firstLiveMessage, rolledUp, startUpkeep, type Upkeep } from "./upkeep.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const QUARTER_MS = 15 * MINUTE_MS;
/** Batches hold events of as many quarters of an hour, the last of the day before. */
const QUARTERS = 40;
const ROUNDS_A_SITE = 3;
const PATIENCE_MS = 1_000;

interface KilledSite {
  id: string;
  shards: number;
  rounds: number;
  acknowledged: Set<string>;
  /** When each event happened, but for those of imports. */
  at: Map<string, number>;
}

export interface Rounds {
  server: TestServer;
  random: Random;
  victims: readonly Weighted<Victim>[];
  sites: KilledSite[];
}

export interface Kill {
  victim: Victim;
  /** What it cut off, each once: chores, and `ingest` when it left requests without an answer. */
  cutOff: string[];
}

export interface RoundReport {
  site: string;
  kills: Kill[];
  events: number;
}

/** `victims`: by how often each is chosen. Where node is one, a start takes several times as long. */
export const startRounds = (server: TestServer, seed: string, victims: Rounds["victims"]): Rounds => ({
  server,
  random: seededRandom(seed),
  victims,
  sites: [],
});

const between = (random: Random, least: number, most: number) => least + random.below(most - least + 1);

/** A new site, or one that was killed before. */
async function siteOf({ server, random, sites }: Rounds): Promise<KilledSite> {
  const known = sites.filter(({ rounds }) => rounds < ROUNDS_A_SITE);
  if (known.length > 0 && random.chance(0.4)) return known[random.below(known.length)]!;
  const site = { id: `killed-${sites.length + 1}`, shards: between(random, 1, 3), rounds: 0 };
  await connectTestApi(server).createSite({ id: site.id, shards: site.shards });
  const made = { ...site, acknowledged: new Set<string>(), at: new Map<string, number>() };
  sites.push(made);
  return made;
}

/** Single events happen when they are first sent, those of batches on the day before. */
function timesOf({ at }: KilledSite): (path: string) => number {
  const midnight = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const madeUp = (path: string) => {
    const [, kind, , n = ""] = path.split("/");
    return kind === "batch" ? midnight - (1 + (Number(n) % QUARTERS)) * QUARTER_MS : Date.now();
  };
  return (path) => {
    const known = at.get(path) ?? madeUp(path);
    at.set(path, known);
    return known;
  };
}

/** On the heels of an acknowledgement, or in the midst of a chore. */
async function momentToKill(random: Random, load: StubbornLoad, upkeep: Upkeep): Promise<void> {
  await load.more(between(random, 20, 300));
  if (random.chance(0.25)) return;
  const chore = random.pick(CHORES.map(([, name]) => [1, name] as const));
  // Now and then there is nothing to do, and it is over at once.
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const usual = await upkeep.begins(chore);
    await wait(random.next() * usual);
    if (upkeep.isUnderWay(chore)) return;
  }
}

async function killOnce({ server, random, victims }: Rounds, load: StubbornLoad, upkeep: Upkeep): Promise<Kill> {
  const victim = random.pick(victims);
  await momentToKill(random, load, upkeep);
  const { repeats } = load;
  const before = upkeep.cutOff.length;
  await server.kill(victim);
  if (victim === "workerd") await server.answers();
  else await server.restart();
  await load.more(1);
  const cutOff = new Set<string>(upkeep.cutOff.slice(before));
  if (load.repeats > repeats) cutOff.add("ingest");
  return { victim, cutOff: [...cutOff] };
}

export async function faultRound(rounds: Rounds): Promise<RoundReport> {
  const { server, random } = rounds;
  const site = await siteOf(rounds);
  const name = `${++site.rounds}x`;
  const senders = { singles: between(random, 2, 8), batches: between(random, 0, 3), imports: between(random, 0, 1) };
  const load = startStubbornLoad(server, { site: site.id, name, at: timesOf(site), ...senders });
  const upkeep = startUpkeep(server, { site: site.id, atOnce: site.shards, random });
  const kills: Kill[] = [];
  for (let left = between(random, 1, 2); left > 0; left--) kills.push(await killOnce(rounds, load, upkeep));
  await load.more(between(random, 20, 200));
  await Promise.all([upkeep.stop(), load.finish()]);
  for (const path of load.acknowledged) site.acknowledged.add(path);
  expectNone(load.forgotten, `${site.id}: acknowledged and taken again`);
  await expectAllTrue(server, site);
  return { site: site.id, kills, events: load.acknowledged.size };
}

/** What the query, the live page, D1's copy and the roll-ups say of the site is what was acknowledged. */
export async function expectAllTrue(server: TestServer, site: KilledSite): Promise<void> {
  const { id, acknowledged } = site;
  const api = connectTestApi(server);
  const counted = async (when: string) =>
    expectNone(miscounts(acknowledged, await pathsByQuery(api, id)), `${id}, by query ${when}`);
  await counted("as it stands");
  const asked = Date.now();
  const message = await firstLiveMessage(server, id);
  const told = Date.now();
  await finishUpkeep(server, id);
  await counted("when all is sealed and merged");
  const { shards } = await api.status(id);
  expectNone(
    shards.filter(({ logRows, unflushed }) => logRows + unflushed > 0).map((one) => JSON.stringify(one)),
    `${id}: not sealed`,
  );
  const copied = await copiedToD1(server, id, [told - LIVE_WINDOW_MS, asked - LIVE_WINDOW_MS]);
  expectNone(miscounts(acknowledged, copied.paths), `${id}, in D1's raw copy`);
  const rolled = await rolledUp(server, id);
  for (const [grain, paths] of rolled.paths)
    expectNone(miscounts(acknowledged, paths), `${id}, by roll-ups: ${grain}s`);
  expectNone(rolled.faults, `${id}, roll-ups beside the shards`);
  expectNone(liveFaults(site, message, { asked, visitors: copied.visitors }), `${id}, live`);
}

/** `visitors`: at least and at most, by D1. */
function liveFaults(
  { acknowledged, at }: KilledSite,
  message: Awaited<ReturnType<typeof firstLiveMessage>>,
  { asked, visitors: [least = 0, most = 0] }: { asked: number; visitors: number[] },
): string[] {
  if (message.type !== "snapshot") return [`the first message was ${message.type}`];
  const { visitors, minutes } = message.state;
  const wanted = new Map<number, number>();
  for (const path of acknowledged) {
    const start = Math.floor((at.get(path) ?? 0) / MINUTE_MS) * MINUTE_MS;
    // The oldest minute may be leaving just now.
    if (start > asked - (LIVE_MINUTES - 1) * MINUTE_MS) wanted.set(start, (wanted.get(start) ?? 0) + 1);
  }
  const shown = new Map(minutes.map(({ start, events }) => [start, events]));
  const wrong = [...wanted].filter(([start, events]) => shown.get(start) !== events);
  return [
    ...wrong.map(
      ([start, events]) => `minute ${new Date(start).toISOString()}: ${shown.get(start)} events for ${events}`,
    ),
    ...(visitors < least || visitors > most ? [`${visitors} visitors, not ${least} to ${most}`] : []),
  ];
}

/** How many kills cut off each thing, in words. */
export function tallyOf(kills: readonly Kill[]): string {
  const inside = ["ingest", ...CHORES.map(([, chore]) => chore)].map(
    (what) => `${what} ${kills.filter(({ cutOff }) => cutOff.includes(what)).length}`,
  );
  const victims = [...Map.groupBy(kills, ({ victim }) => victim)].map(([victim, own]) => `${own.length} of ${victim}`);
  return `${kills.length} kills (${victims.join(", ")}), inside ${inside.join(", ")}`;
}

export function expectNone(wrong: readonly string[], where = ""): void {
  if (wrong.length === 0) return;
  throw new Error(`${wrong.length} wrong: ${where}\n${wrong.slice(0, 10).join("\n")}`);
}
