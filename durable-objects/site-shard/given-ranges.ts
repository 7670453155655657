// What the shard has given to the next epoch, and what it is about to give. The one place where it is decided who holds
// a visitor: until a range is written down here as given, this object takes and answers for it, and never after.
import { inRange, leadOf, type VisitorRange } from "../../workers/domain/shard.ts";

/** How long a range takes no events while its last ones are handed over; the new shard's death ends it. */
const FREEZE_MS = 5_000;

export type Place = "here" | "given" | "frozen";

export interface GivenRanges {
  /** Ranges that are the next epoch's, lower ids first. */
  readonly given: VisitorRange[];
  /** Whether the last of some range is being copied: sealing waits. */
  readonly closing: boolean;
  /** Whether anything was given or is being copied: segments stay as they are. */
  readonly leaving: boolean;
  placeOf(visitorId: string, now: number): Place;
  owns(visitorId: string): boolean;
  /** From now on segments stay as they are. */
  leave(range: VisitorRange): void;
  /** From now on log rows stay in the log until the range is given. */
  close(range: VisitorRange): void;
  /** The range takes nothing for a moment. */
  freeze(range: VisitorRange, now: number): void;
  isGiven(range: VisitorRange): boolean;
  give(range: VisitorRange, events: number): void;
}

interface Row extends VisitorRange {
  state: "leaving" | "closing" | "given";
}

export function createGivenRanges(sql: SqlStorage): GivenRanges {
  let all: Row[] = [];
  const read = () => {
    all = sql
      .exec<Row & Record<string, SqlStorageValue>>(
        'select from_lead as "from", to_lead as "to", state from given order by from_lead',
      )
      .toArray();
  };
  const frozen = new Map<number, { range: VisitorRange; until: number }>();
  read();
  const isGiven = ({ from }: VisitorRange) => all.some((row) => row.from === from && row.state === "given");
  const placeOf = (visitorId: string, now: number): Place => {
    if (all.length === 0) return "here";
    const lead = leadOf(visitorId);
    if (all.some((row) => row.state === "given" && inRange(lead, row))) return "given";
    for (const { range, until } of frozen.values()) if (until > now && inRange(lead, range)) return "frozen";
    return "here";
  };
  return {
    get given() {
      return all.filter((row) => row.state === "given").map(({ from, to }) => ({ from, to }));
    },
    get closing() {
      return all.some((row) => row.state === "closing");
    },
    get leaving() {
      return all.length > 0;
    },
    placeOf,
    owns: (visitorId) => placeOf(visitorId, Number.POSITIVE_INFINITY) === "here",
    leave({ from, to }) {
      sql.exec("insert or ignore into given values (?, ?, 'leaving', 0)", from, to);
      read();
    },
    close({ from }) {
      sql.exec("update given set state = 'closing' where from_lead = ? and state = 'leaving'", from);
      read();
    },
    freeze(range, now) {
      frozen.set(range.from, { range, until: now + FREEZE_MS });
    },
    isGiven,
    give({ from, to }, events) {
      sql.exec(
        "insert into given values (?, ?, 'given', ?) on conflict do update set state = 'given', events = excluded.events",
        from,
        to,
        events,
      );
      frozen.delete(from);
      read();
    },
  };
}
