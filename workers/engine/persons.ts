// Whom an analysis counts: a number per row. Sessions and cookieless visitors live in one shard; a browser that consented to
// be recognised and a signed-in user may have rows under several visitor ids, here and in other shards, and carry a key.

import type { PersonKind } from "../domain/question.ts";
import { NONE } from "./coding.ts";
import { OWN_ID } from "./columns.ts";
import { inChunks, type Range } from "./pace.ts";
import { perView, type View, type ViewColumn } from "./view.ts";

export interface Persons {
  /** Each row's person; NONE for rows of no session where sessions are asked for. */
  of: Uint32Array;
  /** Persons are numbered below this. */
  count: number;
  /** A person's rows may be apart from each other, and not in order of time. */
  scattered: boolean;
  /** What other shards may know the person by; null for one who is only here. */
  keyOf(person: number): string | null;
  /** Whether the id lasts: one that is not made anew each day. */
  lasts(person: number): boolean;
}

interface Names {
  column: ViewColumn;
  /** Prefix of keys, so that a browser and a user never share one. */
  kind: string;
}

const madePersons = perView<Persons>();

function bySession(view: View): Persons {
  const of = Uint32Array.from(view.sessions.ofRow, (session) => (session < 0 ? NONE : session));
  return { of, count: view.sessions.count, scattered: false, keyOf: () => null, lasts: () => false };
}

/** Rows of one visitor in the period that bear no name take the one named last before them, else first after. */
function nameRun(run: { start: number; end: number }, codes: Uint32Array, options: { none: number; put: Uint32Array }) {
  const { none, put } = options;
  let current = none;
  for (let row = run.start; row < run.end; row++) {
    if (codes[row] !== none) {
      if (current === none) put.fill(codes[row]!, run.start, row);
      current = codes[row]!;
    }
    put[row] = current;
  }
}

/** Each row's name as a code of the column; `none` for rows of visitors without any, and for rows beyond the period. */
async function namesOfRows(view: View, { codes }: ViewColumn, none: number): Promise<Uint32Array> {
  const put = new Uint32Array(view.length).fill(none);
  const { from, to } = view.period;
  let start = 0;
  let before = -1;
  const walk = (first: number, last: number) => {
    for (let row = first; row < last; row++) {
      const inside = view.at[row]! >= from && view.at[row]! < to;
      if (view.visitor[row] !== before || !inside) {
        nameRun({ start, end: row }, codes, { none, put });
        start = inside ? row : row + 1;
        before = view.visitor[row]!;
      }
    }
  };
  await inChunks(view.length, walk, { pace: view.pace, weight: 3 });
  nameRun({ start, end: view.length }, codes, { none, put });
  return put;
}

interface Named {
  codes: Uint32Array;
  /** Codes of "" and of the visitor's own id; NONE where no row has it. */
  none: number;
  own: number;
  names: Names;
  /** The first person's number. */
  first: number;
}

function codeIn(dict: readonly string[], value: string): number {
  const code = dict.indexOf(value);
  return code < 0 ? NONE : code;
}

async function namedBy(view: View, names: Names, first: number): Promise<Named> {
  const { codes, dict } = names.column;
  const none = codeIn(dict, "");
  const put = none === NONE ? codes : await namesOfRows(view, names.column, none);
  return { codes: put, none, own: codeIn(dict, OWN_ID), names, first };
}

/** Marks visitors with a row in the period that has the code. */
function markLasting(
  lasting: Uint8Array,
  { visitor, at, period: { from, to } }: View,
  { codes, own, start, end }: Range & { codes: Uint32Array; own: number },
): void {
  for (let row = start; row < end; row++) {
    lasting[visitor[row]!]! |= Number(codes[row] === own) & Number(at[row]! >= from) & Number(at[row]! < to);
  }
}

/** Whose lasting id is the visitor's own, as imports give it, is the visitor, with all rows in its shard. */
async function byOwnIds(view: View, column: ViewColumn): Promise<Persons> {
  const own = codeIn(column.dict, OWN_ID);
  const lasting = new Uint8Array(view.visitorCount);
  const look = (start: number, end: number) => markLasting(lasting, view, { codes: column.codes, own, start, end });
  await inChunks(view.length, look, { pace: view.pace });
  const lasts = (person: number) => lasting[person] === 1;
  return { of: view.visitor, count: view.visitorCount, scattered: false, keyOf: () => null, lasts };
}

/** Later columns name whom earlier ones leave unnamed; persons are numbered column by column, visitors first. */
async function join(view: View, columns: readonly Names[], elsewhere: boolean): Promise<Persons> {
  const lists: Named[] = [];
  let count = view.visitorCount;
  for (const names of columns) {
    lists.push(await namedBy(view, names, count));
    count += names.column.dict.length;
  }
  const lasting = new Uint8Array(view.visitorCount);
  const of = new Uint32Array(view.length);
  const personOf = (row: number): number => {
    const visitor = view.visitor[row]!;
    for (const { codes, none, own, first } of lists) {
      const code = codes[row]!;
      if (code === none) continue;
      if (code !== own) return first + code;
      lasting[visitor] = 1;
      return visitor;
    }
    return visitor;
  };
  const look = (start: number, end: number) => {
    for (let row = start; row < end; row++) of[row] = personOf(row);
  };
  await inChunks(view.length, look, { pace: view.pace, weight: 4 });
  const listOf = (person: number) => lists.findLast(({ first }) => person >= first);
  return {
    of,
    count,
    scattered: true,
    keyOf(person) {
      const list = elsewhere ? listOf(person) : undefined;
      return list ? list.names.kind + list.names.column.dict[person - list.first]! : null;
    },
    lasts: (person) => person >= view.visitorCount || lasting[person] === 1,
  };
}

function holdsOnly(column: ViewColumn, values: readonly string[]): boolean {
  return column.dict.every((name) => values.includes(name));
}

async function makePersons(view: View, kind: PersonKind, elsewhere: boolean): Promise<Persons> {
  if (kind === "session") return bySession(view);
  const columns: Names[] = [];
  if (kind === "user") columns.push({ column: await view.text("userId"), kind: "u" });
  columns.push({ column: await view.text("persistentId"), kind: "p" });
  const used = columns.filter(({ column }) => !holdsOnly(column, [""]));
  const [only] = used;
  if (!only) {
    return { of: view.visitor, count: view.visitorCount, scattered: false, keyOf: () => null, lasts: () => false };
  }
  if (used.length === 1 && holdsOnly(only.column, ["", OWN_ID])) return byOwnIds(view, only.column);
  return join(view, used, elsewhere);
}

/** `elsewhere`: whether there are other shards, in which persons may have rows too; other parts of this one count as such. */
export function personsOf(view: View, kind: PersonKind, elsewhere: boolean): Promise<Persons> {
  const apart = elsewhere || !view.whole;
  return madePersons(view, `${kind} ${apart}`, () => makePersons(view, kind, apart));
}
