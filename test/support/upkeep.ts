// A server whose shards do their upkeep when told: it runs under load without an end, and what a kill cut off is counted.

import { setTimeout as wait } from "node:timers/promises";
import type { LiveMessage } from "../../workers/domain/live.ts";
import { type Random, seededRandom, type Weighted } from "../../workers/local/simulator/random.ts";
import { startTestServer, type TestServer } from "./server.ts";

const AGAIN_MS = 20;
const PATIENCE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How much of the longest time that a chore took is remembered from one time to the next. */
const FADE = 0.9;
/** By then every hour and day that a test has events in is over, and every span of days that segments are merged in. */
const LONG_AFTER_MS = 2_000 * DAY_MS;

/** What can be told to be done, and how often each is chosen. What they mean is in test/workerd/upkeep-worker.ts. */
export const CHORES = [
  [3, "copy"],
  [3, "seal"],
  [2, "merge"],
  [1, "roll-up"],
  // Of the whole site, and only as often as a kill is to come into it.
  [0, "move"],
] as const satisfies readonly Weighted<string>[];

export type Chore = (typeof CHORES)[number][1];

/** What gives a chore something to do, and itself. */
const TOWARDS: Readonly<Record<Chore, readonly Chore[]>> = {
  copy: ["copy"],
  seal: ["copy", "seal"],
  merge: ["copy", "seal", "merge"],
  "roll-up": ["roll-up"],
  move: ["move"],
};

export const startUpkeepServer = (): Promise<TestServer> =>
  startTestServer({ trustProxy: true, script: "test/support/serve-upkeep.ts" });

interface Told {
  site: string;
  shard: number;
  chore: Chore | "rest";
  until: number;
}

/** How a chore ended: it may be told again, there is nothing more to do, the server went away before or after it began. */
type End = "more" | "done" | "unbegun" | "cut off";

/** Settles when the chore is over or the server is; throws what the shard threw. */
async function tell(server: TestServer, { site, ...told }: Told, begun: () => void): Promise<End> {
  const query = new URLSearchParams(Object.entries(told).map(([name, value]) => [name, String(value)]));
  let said = "";
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${server.url}/upkeep/${site}/chore?${query}`, { method: "POST", signal });
    for await (const bytes of response.body ?? []) {
      if (said === "") begun();
      said += new TextDecoder().decode(bytes);
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") throw error;
  }
  const [, verdict = ""] = said.split("\n");
  if (verdict === "more" || verdict === "done") return verdict;
  if (verdict !== "")
    throw new Error(`${told.chore} in shard ${told.shard} of ${site}: ${verdict}\n${server.output().slice(-2000)}`);
  return said === "" ? "unbegun" : "cut off";
}

export interface Upkeep {
  /** Hurries towards the chore; settles when it has begun in some shard, with the milliseconds that it lately took at most. */
  begins(chore: Chore): Promise<number>;
  isUnderWay(chore: Chore): boolean;
  /** Chores that the server's end cut off. */
  readonly cutOff: readonly Chore[];
  /** Settles when no chore is under way; rejects when one failed. */
  stop(): Promise<void>;
}

export interface UpkeepOptions {
  site: string;
  /** So many chores, mostly in different shards. */
  atOnce: number;
  random: Random;
}

/** Has the shards of the site do one chore after another, at random. */
export function startUpkeep(server: TestServer, { site, atOnce, random }: UpkeepOptions): Upkeep {
  const cutOff: Chore[] = [];
  const lasted = new Map<Chore, number>();
  const waiting = new Map<Chore, PromiseWithResolvers<number>>();
  const underWay: Chore[] = [];
  let isOver = false;
  let failure: unknown;

  function begun(chore: Chore): void {
    underWay.push(chore);
    waiting.get(chore)?.resolve(lasted.get(chore) ?? AGAIN_MS);
    waiting.delete(chore);
  }

  async function perform(shard: number, chore: Chore, until: number): Promise<void> {
    let start = Date.now();
    const end = await tell(server, { site, shard, chore, until }, () => {
      start = Date.now();
      begun(chore);
    });
    if (end !== "unbegun") underWay.splice(underWay.indexOf(chore), 1);
    if (end === "cut off") cutOff.push(chore);
    if (end === "cut off" || end === "unbegun") await wait(AGAIN_MS);
    else lasted.set(chore, Math.max(Date.now() - start, (lasted.get(chore) ?? 0) * FADE));
  }

  async function drive(own: Random): Promise<void> {
    while (!isOver) {
      const [wanted] = waiting.keys();
      const ahead = own.pick([
        [1, 0],
        [1, DAY_MS],
        [2, LONG_AFTER_MS],
      ]);
      for (const chore of wanted ? TOWARDS[wanted] : [own.pick<Chore>(CHORES)]) {
        if (!isOver) await perform(own.below(1000), chore, Date.now() + (wanted ? LONG_AFTER_MS : ahead));
      }
    }
  }

  const drivers = Array.from({ length: atOnce }, () => drive(seededRandom(random.next())));
  const over = Promise.all(drivers).catch((error: unknown) => {
    failure = error;
    isOver = true;
    for (const one of waiting.values()) one.reject(error);
  });
  return {
    cutOff,
    isUnderWay: (chore) => underWay.includes(chore),
    begins(chore) {
      if (failure !== undefined) return Promise.reject(failure);
      const known = waiting.get(chore) ?? Promise.withResolvers<number>();
      waiting.set(chore, known);
      return known.promise;
    },
    async stop() {
      isOver = true;
      await over;
      if (failure !== undefined) throw failure;
    },
  };
}

/** Lets the site come to rest and has its shards copy, seal, merge and roll up until nothing is left to do. */
export async function finishUpkeep(server: TestServer, site: string): Promise<void> {
  const finish = async (chore: Told["chore"], shard: number) => {
    for (let end: End = "more"; end !== "done"; ) {
      end = await tell(server, { site, shard, chore, until: Date.now() + LONG_AFTER_MS }, () => undefined);
      if (end === "cut off" || end === "unbegun") {
        throw new Error(`the server went away\n${server.output().slice(-2000)}`);
      }
    }
  };
  await finish("rest", 0);
  const shards = await read<number>(server, `${site}/shards`);
  for (const [, chore] of CHORES) {
    if (chore !== "move") for (let shard = 0; shard < shards; shard++) await finish(chore, shard);
  }
}

async function read<Body>(server: TestServer, path: string): Promise<Body> {
  const response = await fetch(`${server.url}/upkeep/${path}`);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body; // by the Worker of these tests
}

export interface Copied {
  /** Events in D1's raw copy. */
  paths: Map<string, number>;
  /** Distinct visitors of events after each of the times. */
  visitors: number[];
}

export async function copiedToD1(server: TestServer, site: string, since: readonly number[]): Promise<Copied> {
  const query = since.map((time) => `since=${time}`).join("&");
  const { paths, visitors } = await read<{ paths: [string, number][]; visitors: number[] }>(
    server,
    `${site}/copied?${query}`,
  );
  return { paths: new Map(paths), visitors };
}

export interface RolledUp {
  /** Events by path, summed over all hours, all days and all months. */
  paths: Map<string, Map<string, number>>;
  /** Where the roll-ups say anything but what the shards answer. */
  faults: string[];
}

export async function rolledUp(server: TestServer, site: string): Promise<RolledUp> {
  const { paths, faults } = await read<{ paths: [string, [string, number][]][]; faults: string[] }>(
    server,
    `${site}/rolled-up`,
  );
  return { paths: new Map(paths.map(([grain, counts]) => [grain, new Map(counts)])), faults };
}

export const firstLiveMessage = (server: TestServer, site: string): Promise<LiveMessage> =>
  read(server, `${site}/live`);
