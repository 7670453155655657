// What a shard tells of itself: how long events take to disk, how many wait for D1, what it writes.
import { CANARY } from "../../workers/domain/canary.ts";
import { BACKLOG, LAG } from "../../workers/domain/measures.ts";
import { SYSTEM_SITE } from "../../workers/domain/system-events.ts";
import { claimWriting, countUse, observe, writeMeasures } from "../../workers/store/system/gather.ts";
import { type LogEntry, sizeOfLog } from "./log.ts";
import { outboxPosition } from "./outbox.ts";

/** What the system tells of itself, and the synthetic visitor, are no visitors' doing. */
const OURS: readonly (string | undefined)[] = [SYSTEM_SITE, CANARY.id];

/** The row of the log, and the alarm's. */
const ROWS_A_COMMIT = 2;

/** After a commit is on disk. The longest wait of its events stands for all of them; history waited elsewhere. */
export function noteCommit(entries: readonly LogEntry[], siteId: string | undefined, now: number): void {
  countUse("objectRowsWritten", ROWS_A_COMMIT);
  const [first] = entries;
  if (first && first.importId === "" && !OURS.includes(siteId))
    observe(LAG, Math.max(0, now - first.receivedAt), { times: entries.length });
}

/** By the alarm, when what can be copied was copied. */
export function noteBacklog(ctx: DurableObjectState, db: D1Database, now: number): void {
  const { sql } = ctx.storage;
  countUse("objectRequests");
  observe(BACKLOG, sizeOfLog(sql, outboxPosition(sql).done).events);
  if (claimWriting(now)) ctx.waitUntil(writeMeasures(db, now));
}
