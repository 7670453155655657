// How far the roll-ups can be taken at their word, and what changes when an event of a period comes or goes.
import { ARCHIVE_DAY_MS, startOf } from "../../workers/domain/archive.ts";
import type { Period } from "../../workers/domain/period.ts";
import type { DirtyHours } from "./dirty-hours.ts";
import type { LogSpan } from "./log-spans.ts";
import type { ShardStanding } from "./protocol.ts";
import type { RollState } from "./roll-state.ts";
import { uncertainDays } from "./roll-up.ts";
import type { Segments } from "./segments.ts";
import { SETTLE_MS } from "./upkeep.ts";

export interface StandingPorts {
  log: () => LogSpan[];
  segments: Segments;
  dirty: DirtyHours;
  rolls: RollState;
}

/**
 * Sealed events by the segments that hold them, others by the log's rows. A merge changes it too, and what lies beside the period
 * in the same hour, without need.
 */
function versionOf({ segments, rolls }: StandingPorts, log: readonly LogSpan[], { from, to }: Period): string {
  const lies = ({ atMin, atMax }: Pick<LogSpan, "atMin" | "atMax">) => atMax >= from && atMin < to;
  const own = segments.store.all().filter(lies);
  const sealed = own.reduce((sum, { id }) => (Math.imul(sum, 31) + id) >>> 0, own.length);
  const spans = log.filter(lies);
  const rows = spans.reduce((sum, span) => sum + span.rows, 0);
  const away = segments.archived.within({ from, to });
  const archived = away.length === 0 ? "" : `.${away.map(({ sha256 }) => sha256.slice(0, 8)).sort()}`;
  return `${sealed}.${rows}.${Math.max(0, ...spans.map(({ seq }) => seq))}.${rolls.rewrites}${archived}`;
}

const DAY_MS = 24 * 3_600_000;

function importedSpans(segments: Segments, log: readonly LogSpan[]): Period[] {
  const own = [...segments.store.all(), ...segments.archived.dropped(), ...log].filter(
    ({ importId }) => importId !== "",
  );
  const spans: Period[] = [];
  for (const { atMin, atMax } of own.sort((a, b) => a.atMin - b.atMin)) {
    const last = spans.at(-1);
    if (last && atMin < last.to + DAY_MS) last.to = Math.max(last.to, atMax + 1);
    else spans.push({ from: atMin, to: atMax + 1 });
  }
  return spans;
}

/** What lies in the archive is not asked for because of a row, and of what was removed the roll-ups are all that is left. */
function heldSince({ store, archived }: Segments): number | null {
  const first = store.all().reduce((least, { atMin }) => Math.min(least, atMin), Number.POSITIVE_INFINITY);
  const away = [
    ...archived.dropped().map(({ atMax }) => atMax + 1),
    ...archived.gone().map((date) => startOf(date) + ARCHIVE_DAY_MS),
  ];
  if (away.length === 0) return Number.isFinite(first) ? first : null;
  return away.reduce((most, end) => Math.max(most, end), Number.isFinite(first) ? first : 0);
}

export function standingOf(
  ports: StandingPorts,
  { timeZone, periods, now }: { timeZone: string; periods: readonly Period[]; now: number },
): ShardStanding {
  const { dirty, rolls, segments } = ports;
  const log = periods.length > 0 ? ports.log() : [];
  // Made in another time zone, they say nothing of this one's days.
  const isOutdated = !segments.isEmpty() && rolls.isOutdated(timeZone);
  return {
    closedUntil: isOutdated ? Number.NEGATIVE_INFINITY : now - SETTLE_MS,
    hours: dirty.pending(),
    days: uncertainDays({ dirty, state: rolls, timeZone }),
    months: [...rolls.months.all()],
    lasting: rolls.lasting,
    heldSince: heldSince(segments),
    rolls: rolls.version,
    versions: periods.map((period) => versionOf(ports, log, period)),
    imported: importedSpans(segments, log),
  };
}
