// What the looks at a site's data ask of the outside.
import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { LiveMinute } from "../domain/live.ts";
import type { Period } from "../domain/period.ts";
import type { RollDifference, RollupRead, StoredRollup } from "../domain/rollup.ts";
import type { VisitorRange } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";

export interface QualityPorts {
  site: Site;
  /** More than one reply where visitors have moved on. */
  scan(
    shard: number,
    requests: ScanRequest[],
    within?: VisitorRange[],
  ): Promise<Pick<ScanReply, "partials" | "earliest">[]>;
  standing(shard: number, periods: Period[]): Promise<ShardStanding>;
  /** Closed roll-ups that do not say what the events say: all of the last two days, and older ones that cannot be right. */
  checkRolls(shard: number): Promise<RollDifference[]>;
  /** What was counted live. */
  strip(shard: number): Promise<LiveMinute[]>;
  /** Of all shards; none while they are not whole. */
  rollups(reads: readonly RollupRead[]): Promise<StoredRollup[]>;
  /** Whether roll-ups tell all of the site. */
  rolled: boolean;
  /** Whether a moment of late lies on a day that is known to be unlike others, such as a holiday. */
  isExceptional(at: number): boolean;
  /** Since when the site has its number of shards, milliseconds. */
  steadySince: number;
  /** Persons were erased until then: roll-ups and live counts of before still count what they brought. */
  erasedUntil: number;
}

/** The replies of all shards. */
export async function scanAll(
  { site, scan }: Pick<QualityPorts, "site" | "scan">,
  requests: ScanRequest[],
): Promise<Pick<ScanReply, "partials" | "earliest">[]> {
  const replies = Array.from({ length: site.shards }, (_, shard) => scan(shard, requests));
  return (await Promise.all(replies)).flat();
}
