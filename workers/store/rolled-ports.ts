// A site's roll-ups, for questions.
import { FIRST_EPOCH } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { RolledCache } from "../query/rolled-cache.ts";
import type { QueryPorts } from "../query/run.ts";
import { epochOfRollups, epochsOf } from "./moves.ts";
import { type ObjectNamespaces, siteShard } from "./objects.ts";
import { readRollups } from "./rollups.ts";
import { countUse } from "./system/gather.ts";
import { timed } from "./system/timed.ts";

type RolledEnv = Pick<ObjectNamespaces, "SITE_SHARD"> & { DB: D1Database };

/** None while the site moves to other shards, whose roll-ups are not whole. `cache`: where what was read is held. */
export async function rolledPorts(
  env: RolledEnv,
  site: Site,
  cache?: RolledCache,
): Promise<Pick<QueryPorts, "rolled">> {
  const epoch = epochOfRollups(site, site.epoch === FIRST_EPOCH ? [] : await epochsOf(env.DB, site.id));
  if (epoch === null) return {};
  const { id: siteId, timeZone } = site;
  return {
    rolled: {
      standing(shard, periods) {
        countUse("objectRequests");
        return timed("object shard standing", () => siteShard(env, site, shard).standing(timeZone, periods));
      },
      read: (reads) => readRollups(env.DB, { siteId, epoch, timeZone }, reads),
      ...(cache && { held: { cache, site: `${siteId} ${epoch} ${timeZone}` } }),
    },
  };
}
