// How many events the shard counts as its own, while some of those that lie here are another's.

import { rowsOfVisitors } from "../../workers/engine/batch-part.ts";
import type { ArchivedFiles } from "./archived-files.ts";
import type { GivenRanges } from "./given-ranges.ts";
import { countImport, parseBody, readLog } from "./log.ts";
import { ownRange } from "./read-back.ts";
import type { SegmentStore } from "./segment-store.ts";
import type { TakenPieces } from "./taken-pieces.ts";

const VISITOR_FIELD = 4;

export interface Owners {
  given: GivenRanges;
  pieces: TakenPieces;
}

export interface Counting extends Owners {
  sql: SqlStorage;
  store: SegmentStore;
  archived: ArchivedFiles;
}

/** Whether a visitor's events count here. */
export const ownedBy =
  ({ given, pieces }: Owners) =>
  (visitorId: string): boolean =>
    given.owns(visitorId) && pieces.owns(visitorId);

/** Whether events of others lie here. */
export const isPartial = ({ given, pieces }: Owners): boolean => given.given.length > 0 || !pieces.whole;

/** Events of an import that are the shard's own; of all, history or not, when no import is named. */
export function countOwned({ sql, store, archived, ...owners }: Counting, importId?: string): number {
  // Those of the archive are no longer counted where all visitors went.
  const away = owners.given.given.length > 0 ? 0 : archived.count(ownRange(sql), importId);
  if (!isPartial(owners) && importId !== undefined) return countImport(sql, importId) + away;
  const owns = ownedBy(owners);
  let count = away;
  for (const segment of store.all()) {
    if (importId !== undefined && segment.importId !== importId) continue;
    count += rowsOfVisitors(store.batch(segment.id), owns).length;
  }
  for (const row of readLog(sql, 0)) {
    if (importId !== undefined && row.importId !== importId) continue;
    count += parseBody(row.body).filter((packed) => owns(packed[VISITOR_FIELD])).length;
  }
  return count;
}
