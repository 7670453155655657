// How far the roll-ups can be taken at their word, and what changes when an event of a period comes or goes.
import type { Period } from "../../workers/domain/period.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { ShardStanding } from "./protocol.ts";
import type { RollState } from "./roll-state.ts";
import { uncertainDays } from "./roll-up.ts";
import type { Segments } from "./segments.ts";
import { SETTLE_MS } from "./upkeep.ts";

interface StandingPorts {
  sql: SqlStorage;
  segments: Segments;
  dirty: DirtyHours;
  rolls: RollState;
}

/** Sealed events by the segments that hold them, others by the log's rows; a merge changes it too, without need. */
function versionOf({ sql, segments }: StandingPorts, { from, to }: Period): string {
  const own = segments.store.all().filter(({ atMin, atMax }) => atMax >= from && atMin < to);
  const sealed = own.reduce((sum, { id }) => (Math.imul(sum, 31) + id) >>> 0, own.length);
  const { rows, last } = sql
    .exec<{ rows: number; last: number | null }>(
      "select count(*) as rows, max(seq) as last from log where at_max >= ? and at_min < ?",
      from,
      to,
    )
    .one();
  return `${sealed}.${rows}.${last ?? 0}`;
}

export function standingOf(
  ports: StandingPorts,
  { timeZone, periods, now }: { timeZone: string; periods: readonly Period[]; now: number },
): ShardStanding {
  const { dirty, rolls, segments } = ports;
  const { earliest } = segments;
  // Made in another time zone, they say nothing of this one's days.
  const isOutdated = Number.isFinite(earliest) && rolls.isOutdated(timeZone);
  return {
    closedUntil: isOutdated ? Number.NEGATIVE_INFINITY : now - SETTLE_MS,
    hours: dirty.pending(),
    days: uncertainDays({ dirty, state: rolls, timeZone }),
    months: [...rolls.months.all()],
    lasting: rolls.lasting,
    rolls: rolls.version,
    versions: periods.map((period) => versionOf(ports, period)),
    earliest: Number.isFinite(earliest) ? earliest : null,
  };
}
