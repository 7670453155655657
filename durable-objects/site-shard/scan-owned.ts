import { analyses } from "../../workers/analyses/index.ts";
import { EVERYBODY, without } from "../../workers/domain/shard.ts";
import { DamagedArchive } from "../../workers/store/archive/lake.ts";
import type { Owners } from "./owned-counts.ts";
import type { ShardReply, SiteShardRpc } from "./protocol.ts";
import type { Segments } from "./segments.ts";
import { watchedScan } from "./watched-scan.ts";

interface ScanPorts extends Owners {
  segments: Segments;
  pause: () => Promise<void>;
}

/** Of the shard's own visitors, or of those `within`; tells which of them are the next epoch's. */
async function scanHere(
  [requests, within, watch]: Parameters<SiteShardRpc["scan"]>,
  { segments, given: { given }, pieces, pause }: ScanPorts,
): Promise<ShardReply> {
  if (within ? !within.every((range) => pieces.holds(range)) : !pieces.whole) {
    throw new Error("the shard has not taken these visitors over yet; ask the epoch before");
  }
  const options = { analyses, pause, watch };
  if (!within && given.length === 0) return { ...(await watchedScan(segments, requests, options)), given };
  const visitors = without(within ?? [EVERYBODY], given).map(({ from, to }) => ({ from, to: to - 1 }));
  return { ...(await watchedScan(segments, requests, { ...options, visitors })), given };
}

/** The same, and why not when the archive does not give what it should. */
export async function scanOwned(...asked: Parameters<typeof scanHere>): Promise<ShardReply> {
  try {
    return await scanHere(...asked);
  } catch (error) {
    if (!(error instanceof DamagedArchive)) throw error;
    return { partials: [], scanned: 0, freshness: null, earliest: null, given: [], refused: error.message };
  }
}
