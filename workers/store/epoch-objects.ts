// Every object that holds something of a site: those of its epoch, of the next one while it moves, and of those before
// until they are emptied.
import type { Site } from "../domain/site.ts";
import { epochsOf } from "./moves.ts";
import { type ObjectNamespaces, siteShard } from "./objects.ts";

type Shard = ReturnType<typeof siteShard>;
type AskEnv = Pick<ObjectNamespaces, "SITE_SHARD"> & { DB: D1Database };

async function objectsOf(env: AskEnv, site: Site): Promise<Shard[][]> {
  const { epoch: now, shards, nextShards } = site;
  const all = (epoch: number, count: number) =>
    Array.from({ length: count }, (_, shard) => siteShard(env, { ...site, epoch }, shard));
  const past = (await epochsOf(env.DB, site.id)).filter(({ epoch, emptiedAt }) => epoch <= now && emptiedAt === null);
  return [
    ...past.map(({ epoch, oldShards }) => all(epoch - 1, oldShards)),
    all(now, shards),
    all(now + 1, nextShards ?? 0),
  ];
}

/**
 * Asks all, those that visitors leave before those that take them over: what is done in this order is not undone by a copy
 * on its way.
 */
export async function inEachEpoch<T>(env: AskEnv, site: Site, ask: (shard: Shard) => Promise<T>): Promise<T[]> {
  const replies: T[] = [];
  for (const epoch of await objectsOf(env, site)) replies.push(...(await Promise.all(epoch.map(ask))));
  return replies;
}
