import type { Finding, QualityCheck } from "../finding.ts";
import { meansNothing, type ProfiledColumn, type ProfiledTable, tally } from "../value-table.ts";

/**
 * A column determines another where its groups foretell this share of their rows, and this much of what chance leaves;
 * what merely goes along with another column stays below. What it does not foretell is the exception.
 */
const FORETOLD = 0.9;
const BEYOND_CHANCE = 0.5;
/** Groups are of two rows and more on average; of a group's others this share agrees. */
const ROWS_A_GROUP = 2;
const AGREED = 0.75;
/** So must this share of all groups of so many rows: one large group that is alike in all makes no rule. */
const LARGE_GROUP = 4;
const UNITED = 0.9;
/** A column of fractions measures, and rows that measure the same have no more in common. */
const DECIMAL = /^-?\d+\.\d+(?:e[+-]?\d+)?$/i;
const MEASURES = 0.5;
/** A deviation that makes up this share of its group, and comes so often, belongs to the group. */
const HABIT_SHARE = 0.05;
const HABIT = 3;
/** Where rules contradict more than this share of a column, it does not follow them. */
const WRONG_AT_MOST = 0.1;
/** Where this share of the rows with one value of a third column deviates, they follow another rule and are not wrong. */
const OTHER_RULE = 0.75;
const OTHER_RULE_ROWS = 5;

/** A row that differs from its group in so many columns, and in this share of them, is another thing and not wrong. */
const STRANGER_COLUMNS = 4;
const STRANGER = 0.6;
const SUREST = 0.95;

interface Vote {
  row: number;
  /** What the others of the group have. */
  expected: string;
  agrees: boolean;
}

interface Dependency {
  by: string;
  target: ProfiledColumn;
  /** Share beyond chance, the weight of its votes. */
  strength: number;
  votes: Vote[];
}

const isMeasure = ({ texts, filled }: ProfiledColumn): boolean =>
  texts.filter((text) => DECIMAL.test(text)).length >= MEASURES * filled;

function groupsOf(column: ProfiledColumn): number[][] {
  const groups = new Map<string, number[]>();
  column.texts.forEach((text, row) => {
    if (meansNothing(text)) return;
    const rows = groups.get(text);
    if (rows) rows.push(row);
    else groups.set(text, [row]);
  });
  return [...groups.values()].filter((rows) => rows.length > 1);
}

interface Ballot {
  votes: Vote[];
  /** Rows whose group was asked, whether or not it agreed. */
  asked: number;
  /** Groups of `LARGE_GROUP` rows and more, and those of them that agree. */
  large: number;
  united: number;
}

/** What the other rows of each row's group say about it; nothing where they do not agree. */
function votesOf(groups: readonly number[][], target: ProfiledColumn): Ballot {
  const votes: Vote[] = [];
  let asked = 0;
  let large = 0;
  let united = 0;
  for (const rows of groups) {
    const counts = tally(rows.map((row) => target.texts[row] ?? ""));
    const ranked = [...counts].sort((a, b) => b[1] - a[1]);
    if (rows.length >= LARGE_GROUP) {
      large++;
      if (ranked[0]![1] >= AGREED * rows.length) united++;
    }
    for (const row of rows) {
      asked++;
      const own = target.texts[row] ?? "";
      const [first] = ranked
        .slice(0, 2)
        .map(([text, times]) => [text, text === own ? times - 1 : times] as const)
        .sort((a, b) => b[1] - a[1]);
      const [expected, count] = first!; // the row itself is one of the group
      if (count < AGREED * (rows.length - 1) || (expected !== own && count < 2)) continue;
      const times = counts.get(own) ?? 0;
      if (expected !== own && times >= HABIT && times >= HABIT_SHARE * rows.length) continue;
      votes.push({ row, expected, agrees: expected === own });
    }
  }
  return { votes, asked, large, united };
}

function dependencyOf(by: ProfiledColumn, groups: readonly number[][], target: ProfiledColumn): Dependency | null {
  const { votes, asked, large, united } = votesOf(groups, target);
  if (asked === 0 || united < UNITED * large) return null;
  const foretold = votes.filter(({ agrees }) => agrees).length / asked;
  // Nothing is a value too: a column that is mostly empty is foretold by everything.
  const chance = Math.max(...target.counts.values(), target.texts.length - target.filled) / target.texts.length;
  const strength = chance < 1 ? (foretold - chance) / (1 - chance) : 0;
  return foretold >= FORETOLD && strength >= BEYOND_CHANCE ? { by: by.name, target, strength, votes } : null;
}

/** Rows whose deviation a third column explains. */
function explained(rows: ReadonlySet<number>, { columns }: ProfiledTable): Set<number> {
  const found = new Set<number>();
  for (const { texts, counts } of columns) {
    const deviating = tally([...rows].map((row) => texts[row] ?? ""));
    for (const [text, count] of deviating) {
      if (count < OTHER_RULE_ROWS || count < OTHER_RULE * (counts.get(text) ?? Number.POSITIVE_INFINITY)) continue;
      for (const row of rows) if (texts[row] === text) found.add(row);
    }
  }
  return found;
}

/** By column that determines: the rows that are strangers in their group. */
function strangersOf(dependencies: readonly Dependency[]): Map<string, Set<number>> {
  const strangers = new Map<string, Set<number>>();
  for (const by of new Set(dependencies.map((dependency) => dependency.by))) {
    const votes = dependencies.filter((dependency) => dependency.by === by).flatMap((dependency) => dependency.votes);
    const asked = tally(votes.map(({ row }) => row));
    const deviating = tally(votes.flatMap(({ row, agrees }) => (agrees ? [] : [row])));
    const rows = [...deviating].filter(
      ([row, count]) => count >= STRANGER_COLUMNS && count >= STRANGER * (asked.get(row) ?? 0),
    );
    strangers.set(by, new Set(rows.map(([row]) => row)));
  }
  return strangers;
}

interface Verdict {
  against: number;
  for: number;
  expected: Map<string, number>;
  by: string[];
}

function verdictsOf(
  dependencies: readonly Dependency[],
  table: ProfiledTable,
  strangers: ReadonlyMap<string, ReadonlySet<number>>,
): Map<number, Verdict> {
  const verdicts = new Map<number, Verdict>();
  for (const { by, strength, votes } of dependencies) {
    const deviating = new Set(votes.flatMap(({ row, agrees }) => (agrees ? [] : [row])));
    const other = explained(deviating, table);
    for (const { row, expected, agrees } of votes) {
      if (strangers.get(by)?.has(row)) continue;
      const verdict = verdicts.get(row) ?? { against: 0, for: 0, expected: new Map<string, number>(), by: [] };
      verdicts.set(row, verdict);
      if (agrees || other.has(row)) {
        verdict.for += strength;
        continue;
      }
      verdict.against += strength;
      verdict.expected.set(expected, (verdict.expected.get(expected) ?? 0) + strength);
      verdict.by.push(by);
    }
  }
  return verdicts;
}

function findingOf(row: number, column: ProfiledColumn, verdict: Verdict): Finding | null {
  const confidence = (SUREST * verdict.against) / (verdict.against + verdict.for);
  if (!(confidence > 0)) return null;
  const [suggestion = ""] = [...verdict.expected].reduce((best, each) => (each[1] > best[1] ? each : best));
  const reason = `most rows of the same ${verdict.by.slice(0, 3).join(", ")} have ${suggestion || "nothing"} here`;
  return { row, column: column.name, fault: "contradicts", confidence, suggestion, reason };
}

/**
 * Mines which columns determine which, with tolerance for errors but none for what merely goes together (approximate
 * functional dependencies; Kivinen and Mannila 1995, measured as Goodman and Kruskal's lambda), and finds the values
 * that most such rules contradict.
 */
export const contradicts: QualityCheck = {
  label: "Agreement",
  about: "values that other rows with the same code, name or address contradict",
  run(table) {
    const sources = table.columns
      .filter(({ counts, filled }) => counts.size > 1 && filled >= ROWS_A_GROUP * counts.size)
      .filter((column) => !isMeasure(column))
      .map((column) => ({ column, groups: groupsOf(column) }));
    const dependencies = table.columns
      .filter(({ counts }) => counts.size > 1)
      .flatMap((target) =>
        sources
          .filter(({ column }) => column !== target)
          .flatMap(({ column, groups }) => dependencyOf(column, groups, target) ?? []),
      );
    const strangers = strangersOf(dependencies);
    return table.columns.flatMap((column) => {
      const own = dependencies.filter(({ target }) => target === column);
      const found = [...verdictsOf(own, table, strangers)].flatMap(
        ([row, verdict]) => findingOf(row, column, verdict) ?? [],
      );
      return found.length <= WRONG_AT_MOST * table.rows ? found : [];
    });
  },
};
