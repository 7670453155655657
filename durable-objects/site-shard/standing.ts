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

interface LogSpan {
  seq: number;
  importId: string;
  atMin: number;
  atMax: number;
}

/** Sealed events by the segments that hold them, others by the log's rows; a merge changes it too, without need. */
function versionOf(segments: Segments, log: readonly LogSpan[], { from, to }: Period): string {
  const lies = ({ atMin, atMax }: Pick<LogSpan, "atMin" | "atMax">) => atMax >= from && atMin < to;
  const own = segments.store.all().filter(lies);
  const sealed = own.reduce((sum, { id }) => (Math.imul(sum, 31) + id) >>> 0, own.length);
  const rows = log.filter(lies);
  return `${sealed}.${rows.length}.${rows.at(-1)?.seq ?? 0}`;
}

/** Read once for all periods. */
function logSpans(sql: SqlStorage): LogSpan[] {
  return sql
    .exec<LogSpan & Record<string, SqlStorageValue>>(
      "select seq, import_id as importId, at_min as atMin, at_max as atMax from log order by seq",
    )
    .toArray();
}

const DAY_MS = 24 * 3_600_000;

function importedSpans(segments: Segments, log: readonly LogSpan[]): Period[] {
  const own = [...segments.store.all(), ...log].filter(({ importId }) => importId !== "");
  const spans: Period[] = [];
  for (const { atMin, atMax } of own.sort((a, b) => a.atMin - b.atMin)) {
    const last = spans.at(-1);
    if (last && atMin < last.to + DAY_MS) last.to = Math.max(last.to, atMax + 1);
    else spans.push({ from: atMin, to: atMax + 1 });
  }
  return spans;
}

export function standingOf(
  ports: StandingPorts,
  { timeZone, periods, now }: { timeZone: string; periods: readonly Period[]; now: number },
): ShardStanding {
  const { sql, dirty, rolls, segments } = ports;
  const log = periods.length > 0 ? logSpans(sql) : [];
  // Made in another time zone, they say nothing of this one's days.
  const isOutdated = Number.isFinite(segments.earliest) && rolls.isOutdated(timeZone);
  return {
    closedUntil: isOutdated ? Number.NEGATIVE_INFINITY : now - SETTLE_MS,
    hours: dirty.pending(),
    days: uncertainDays({ dirty, state: rolls, timeZone }),
    months: [...rolls.months.all()],
    lasting: rolls.lasting,
    rolls: rolls.version,
    versions: periods.map((period) => versionOf(segments, log, period)),
    imported: importedSpans(segments, log),
  };
}
