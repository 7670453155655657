import { analyses } from "../../workers/analyses/index.ts";
import { EVERYBODY, without } from "../../workers/domain/shard.ts";
import type { Owners } from "./owned-counts.ts";
import type { ShardReply, SiteShardRpc } from "./protocol.ts";
import type { Segments } from "./segments.ts";
import { watchedScan } from "./watched-scan.ts";

interface ScanPorts extends Owners {
  segments: Segments;
  pause: () => Promise<void>;
}

/** Of the shard's own visitors, or of those `within`; tells which of them are the next epoch's. */
export async function scanOwned(
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
