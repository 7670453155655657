// Takes a difference apart by what can be seen here: each cause with its evidence, and never more than is left.
import type { DropReason } from "../domain/drop-reason.ts";
import type { Cause, CauseName, Compared, ComparedRow, Explanation } from "../domain/reconciliation.ts";

export interface Evidence {
  /** Days of theirs beside ours, ours in the zone of theirs. */
  days: readonly ComparedRow[];
  /** Ours in the site's own zone; null where that is theirs too. */
  ownZone: { timeZone: string; days: readonly ComparedRow[] } | null;
  timeZone: string;
  /** On days that both have; null where the export does not tell of pages. */
  pages: readonly ComparedRow[] | null;
  isExcluded(page: string): boolean;
  drops: Partial<Record<DropReason, number>>;
  /** Distinct over all days. */
  visitors: number;
}

const sum = <T>(all: readonly T[], of: (one: T) => number | null): number =>
  all.reduce((total, one) => total + (of(one) ?? 0), 0);

const isEmpty = (counts: ComparedRow["theirs"]) => Object.values(counts).every((count) => !count);
const isOnlyTheirs = ({ theirs, ours }: ComparedRow) => isEmpty(ours) && !isEmpty(theirs);
const isOnlyOurs = ({ theirs, ours }: ComparedRow) => isEmpty(theirs) && !isEmpty(ours);
/** Of a day or a page. */
export const isOfBoth = (row: ComparedRow) => !isEmpty(row.theirs) && !isEmpty(row.ours);
const gap = ({ theirs, ours }: ComparedRow, measure: Compared) => (theirs[measure] ?? 0) - (ours[measure] ?? 0);

const count = (number: number, one: string, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

function listed(values: readonly string[]): string {
  const first = values.slice(0, 5).join(", ");
  return values.length > 5 ? `${first} and ${values.length - 5} more` : first;
}

type Found = Omit<Cause, "share">;

/** Ours of the zone's days is more or less than ours of our days. */
function byTimeZone({ ownZone, days, timeZone }: Evidence, measure: Compared): Found[] {
  if (!ownZone) return [];
  const amount = sum(days, ({ ours }) => ours[measure]) - sum(ownZone.days, ({ ours }) => ours[measure]);
  const apart = (rows: readonly ComparedRow[]) => sum(rows, (row) => Math.abs(gap(row, measure)));
  const [own, theirs] = [apart(ownZone.days), apart(days)];
  if (amount === 0 && own === theirs) return [];
  const evidence = `our events counted anew in ${timeZone}: the days then differ by ${theirs.toLocaleString("en")} in sum, and by ${own.toLocaleString("en")} in ${ownZone.timeZone}`;
  return [{ cause: "time_zone", amount, atMost: false, evidence }];
}

function byDays({ days }: Evidence, measure: Compared): Found[] {
  const [theirs, ours] = [days.filter(isOnlyTheirs), days.filter(isOnlyOurs)];
  const of = (cause: CauseName, rows: readonly ComparedRow[], side: string): Found[] =>
    rows.length === 0
      ? []
      : [
          {
            cause,
            amount: sum(rows, (row) => gap(row, measure)),
            atMost: false,
            evidence: `${count(rows.length, "day")} with counts ${side} alone: ${listed(rows.map(({ value }) => value))}`,
          },
        ];
  return [...of("only_theirs", theirs, "of theirs"), ...of("only_ours", ours, "of ours")];
}

/** A page is a value that only one side has; page views alone add up over pages. */
function byPages({ pages, isExcluded }: Evidence): Found[] {
  // Without a page an event has none to be compared by.
  const rows = (pages ?? []).filter(({ value }) => value !== "");
  const strange = rows.filter(isOnlyTheirs);
  const kinds: [CauseName, ComparedRow[]][] = [
    ["excluded_pages", strange.filter(({ value }) => isExcluded(value))],
    ["unknown_pages", strange.filter(({ value }) => !isExcluded(value))],
    ["own_pages", rows.filter(isOnlyOurs)],
  ];
  return kinds.flatMap(([cause, own]) =>
    own.length === 0
      ? []
      : [
          {
            cause,
            amount: sum(own, (row) => gap(row, "pageviews")),
            atMost: false,
            evidence: `${count(own.length, "page")}: ${listed(own.map(({ value }) => value))}`,
          },
        ],
  );
}

const DROPPED: readonly { cause: CauseName; reasons: readonly DropReason[]; what: string }[] = [
  { cause: "bots", reasons: ["bot"], what: "of known bots" },
  { cause: "hostnames", reasons: ["hostname"], what: "from hosts that are not allowed" },
  { cause: "left_out", reasons: ["excluded"], what: "of pages that are left out" },
  {
    cause: "consent",
    reasons: ["no_consent", "no_answer", "withdrawn", "do_not_track"],
    what: "from visitors who refused, had not answered, or sent Do Not Track",
  },
  {
    cause: "refused",
    reasons: ["invalid", "too_old", "in_future", "limited", "quarantine_full"],
    what: "that did not fit or came at a wrong time or too fast",
  },
];

/** What was refused on arrival: the other side may have counted it. */
function byDrops({ drops }: Evidence, left: number): Found[] {
  let rest = left;
  return DROPPED.flatMap(({ cause, reasons, what }) => {
    const dropped = sum(reasons, (reason) => drops[reason] ?? 0);
    const amount = Math.min(rest, dropped);
    if (amount <= 0) return [];
    rest -= amount;
    return [{ cause, amount, atMost: true, evidence: `${count(dropped, "event")} ${what} were refused in these days` }];
  });
}

/** On days of the same page views nothing but their grouping can differ. */
function byDefinition({ days, visitors }: Evidence, measure: "visits" | "visitors"): Found[] {
  const both = days.filter(isOfBoth);
  const same = both.filter((row) => row.theirs.pageviews !== null && gap(row, "pageviews") === 0);
  const amount = sum(same, (row) => gap(row, measure));
  if (same.length === 0 || same.every((row) => gap(row, measure) === 0)) return [];
  const equal = `on ${same.length} of ${count(both.length, "day")} both count the same page views; in them they see ${sum(same, ({ theirs }) => theirs[measure]).toLocaleString("en")} ${measure} and we ${sum(same, ({ ours }) => ours[measure]).toLocaleString("en")}`;
  const ours =
    measure === "visits"
      ? "a visit of ours ends after 30 minutes of silence, is not cut at midnight, and counts on the day it began"
      : `a visitor of ours counts on each day with an event; over all days we know ${visitors.toLocaleString("en")}`;
  return [
    {
      cause: measure === "visits" ? "visit_definition" : "visitor_definition",
      amount,
      atMost: false,
      evidence: `${equal}; ${ours}`,
    },
  ];
}

export function explain(evidence: Evidence, measure: Compared): Explanation {
  const own = evidence.ownZone?.days ?? evidence.days;
  const ours = sum(own, (row) => row.ours[measure]);
  const isTold = evidence.days.some(({ theirs }) => theirs[measure] !== null);
  if (!isTold) return { measure, theirs: null, ours, difference: null, causes: [], unexplained: null };
  const theirs = sum(evidence.days, (row) => row.theirs[measure]);
  const difference = theirs - ours;
  const found = [...byTimeZone(evidence, measure), ...byDays(evidence, measure)];
  if (measure === "pageviews") {
    found.push(...byPages(evidence));
    found.push(...byDrops(evidence, difference - sum(found, ({ amount }) => amount)));
  } else found.push(...byDefinition(evidence, measure));
  const causes = found.map((one) => ({
    ...one,
    share: difference === 0 ? null : (100 * one.amount) / difference,
  }));
  return { measure, theirs, ours, difference, causes, unexplained: difference - sum(found, ({ amount }) => amount) };
}
