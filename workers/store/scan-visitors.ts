import { overlapOf, rangeOf, type VisitorRange } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { scanShard } from "./scan-shard.ts";

type Asked = Parameters<typeof scanShard>[2]["requests"][number];

/** The shares of all shards that hold some of the visitors. */
export async function scanVisitors(env: Env, site: Site, asked: { request: Asked; within: VisitorRange }) {
  const { shards } = site;
  const { request, within } = asked;
  const shares = Array.from({ length: shards }, (_, shard) => {
    const own = overlapOf(within, rangeOf(shard, shards));
    return own ? scanShard(env, site, { shard, requests: [request], within: [own] }) : [];
  });
  return (await Promise.all(shares)).flat().map(({ partials }) => partials[0]);
}
