// Which days and months wait to be rolled up. Hours are kept by `dirty-hours.ts`; a day waits until its hours are done, a
// month until its days are.
import type { GivenRollState } from "./protocol.ts";
import { readFact, writeFact } from "./tables.ts";

/** The form of what is rolled up; a newer one has all of it made again. */
const FORM = 3;

export interface RollState {
  days: WaitingBuckets;
  months: WaitingBuckets;
  /** Whether some visitors have ids that are not made anew each day, so that a day's counts depend on a month before it. */
  lasting: boolean;
  /** Rises whenever something was rolled up, and on waking. */
  version: number;
  /** Another hand took names out of what was rolled up; when it last did, since waking. */
  rewritten(): void;
  readonly rewrites: number;
  /** Whether all must be made again: the site's time zone is another, or the form is. */
  isOutdated(timeZone: string): boolean;
  /** All that must be made again is marked; from now on roll-ups are of that zone. */
  renew(timeZone: string): void;
  /** For the shard that goes on with the same roll-ups. */
  given(): GivenRollState;
  /** Inside a transaction. */
  take(given: GivenRollState): void;
}

export interface WaitingBuckets {
  /** UTC starts of local days or months, rising. */
  all(): readonly number[];
  add(starts: Iterable<number>): void;
  remove(start: number): void;
  clear(): void;
}

function waitingBuckets(sql: SqlStorage, name: string): WaitingBuckets {
  let starts = readFact<number[]>(sql, name) ?? [];
  const keep = (next: number[]) => {
    if (next.length === starts.length && next.every((start, index) => start === starts[index])) return;
    starts = next;
    writeFact(sql, name, next);
  };
  return {
    all: () => starts,
    add: (more) => keep([...new Set([...starts, ...more])].sort((a, b) => a - b)),
    remove: (gone) => keep(starts.filter((start) => start !== gone)),
    clear: () => keep([]),
  };
}

export function createRollState(sql: SqlStorage): RollState {
  let lasting = readFact<boolean>(sql, "rollsLasting") ?? false;
  let renewed = readFact<NonNullable<GivenRollState["renewed"]>>(sql, "rolls");
  const isOfFirstForm = readFact(sql, "openDays") !== undefined;
  const days = waitingBuckets(sql, "rollDays");
  const months = waitingBuckets(sql, "rollMonths");
  let rewrites = 0;
  return {
    days,
    months,
    get rewrites() {
      return rewrites;
    },
    rewritten() {
      rewrites = Date.now();
      this.version++;
    },
    given: () => ({ days: [...days.all()], months: [...months.all()], lasting, renewed: renewed ?? null }),
    take(given) {
      days.add(given.days);
      months.add(given.months);
      if (given.lasting) this.lasting = true;
      if (!given.renewed) return;
      renewed = given.renewed;
      writeFact(sql, "rolls", renewed);
    },
    get lasting() {
      return lasting;
    },
    set lasting(value) {
      if (value === lasting) return;
      lasting = value;
      writeFact(sql, "rollsLasting", value);
    },
    version: Date.now(),
    isOutdated(timeZone) {
      // A new shard has nothing in another form, and marks what comes as it comes.
      if (renewed === undefined) return isOfFirstForm;
      return renewed.timeZone !== timeZone || renewed.form !== FORM;
    },
    renew(timeZone) {
      if (renewed?.timeZone === timeZone && renewed.form === FORM) return;
      renewed = { timeZone, form: FORM };
      writeFact(sql, "rolls", renewed);
    },
  };
}
