// What erased persons brought to roll-ups that are kept: finished counts without any id, by bucket, so that what the events
// say now and this together are the roll-up. A bucket that is rolled up again is counted as both.
import { type Rolled, type RolledRow, rollUp } from "../../workers/analyses/roll-up.ts";
import { bodiesOf, rolledFrom } from "../../workers/analyses/rolled/body.ts";
import { keyOf } from "../../workers/analyses/table.ts";
import { STANDARD_PANELS } from "../../workers/catalog/standard-panels.ts";
import type { ErasedPart, ErasedRoll, RolledGrain } from "../../workers/domain/rollup.ts";
import { unnamedRollup } from "../../workers/store/subjects/unnamed-rollup.ts";

/** Of the persons whom this object itself leaves out: counted only by the object that takes over. */
const PENDING = -1;

/** Of those who left files of the archive: of which this object counts on what they had brought. */
const ARCHIVED = -2;

/** Of those who were erased before a backup was made, from which this object was filled. */
const RESTORED = -3;

/** Rows of a panel as texts; several, where they are many. */
type Bodies = Record<string, string[]>;

type Cell = Record<string, SqlStorageValue>;

export type RolledErased = Omit<ErasedRoll, "body"> & { rolled: readonly Rolled[] };

export interface ErasedRolls {
  /** By panel, in the order of the standard panels; undefined where nothing was erased. */
  of(grain: RolledGrain, bucket: number, timeZone: string): Rolled[] | undefined;
  /** Inside a transaction: what the persons left out of what is given brought. */
  setPending(rolls: readonly RolledErased[]): void;
  /** Inside a transaction: what the persons who leave a file of the archive had brought. */
  add(rolls: readonly RolledErased[]): void;
  /** One roll a bucket, for a backup. */
  all(): ErasedRoll[];
  /** Inside a transaction: what `all` gave, in place of what was kept before. */
  keep(rolls: readonly ErasedRoll[]): void;
  /** All after a row of before, for the shard that takes over, without the names of those who are erased now. */
  give(after: number, erase: (text: string) => string): ErasedPart;
  /** Inside a transaction: forgets what an earlier try to take over from that shard brought. */
  beginTaking(oldShard: number): void;
  take(oldShard: number, rolls: readonly ErasedRoll[]): void;
}

const ROWS_AT_ONCE = 200;

const sumOf = (bodies: readonly string[]): Rolled =>
  bodies.map(rolledFrom).reduce((a, b) => rollUp.merge(a, b), { rows: [], lasting: 0 });

function bodyOf(rolled: readonly Rolled[]): string {
  const bodies: Bodies = {};
  for (const [place, { panel }] of STANDARD_PANELS.entries()) {
    const own = rolled[place]!;
    if (own.rows.length > 0 || own.lasting !== 0) bodies[panel] = bodiesOf(own);
  }
  return JSON.stringify(bodies);
}

function unnamed(body: string, erase: (text: string) => string): string {
  const entries = Object.entries(bodiesIn(body)).map(([panel, bodies]) => [
    panel,
    bodies.map((one) => unnamedRollup(one, erase) ?? one),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

const bodiesIn = (body: string) => JSON.parse(body) as Bodies; // written by bodyOf

export function createErasedRolls(sql: SqlStorage): ErasedRolls {
  const insert = (from: number, rolls: readonly RolledErased[]) => {
    for (const { grain, bucket, timeZone, rolled } of rolls) {
      sql.exec(INSERT, from, grain, bucket, timeZone, bodyOf(rolled));
    }
  };
  return {
    of(grain, bucket, timeZone) {
      const rows = sql
        .exec<{ body: string }>(
          "select body from erased_rolls where grain = ? and bucket = ? and time_zone = ? and from_shard <> ?",
          ...[grain, bucket, timeZone, PENDING],
        )
        .toArray();
      if (rows.length === 0) return undefined;
      const all = rows.map(({ body }) => bodiesIn(body));
      return STANDARD_PANELS.map(({ panel }) => sumOf(all.flatMap((bodies) => bodies[panel] ?? [])));
    },
    setPending(rolls) {
      sql.exec("delete from erased_rolls where from_shard = ?", PENDING);
      insert(PENDING, rolls);
    },
    add: (rolls) => insert(ARCHIVED, rolls),
    all() {
      const rows = sql
        .exec<ErasedRoll & Cell>(
          "select grain, bucket, time_zone as timeZone, body from erased_rolls where from_shard <> ? order by bucket, grain, time_zone",
          PENDING,
        )
        .toArray();
      const byBucket = Map.groupBy(rows, ({ grain, bucket, timeZone }) => `${grain} ${bucket} ${timeZone}`);
      return [...byBucket.values()].map((own) => {
        const all = own.map(({ body }) => bodiesIn(body));
        const rolled = STANDARD_PANELS.map(({ panel }) => sumOf(all.flatMap((bodies) => bodies[panel] ?? [])));
        return { ...own[0]!, body: bodyOf(rolled) };
      });
    },
    keep(rolls) {
      this.beginTaking(RESTORED);
      this.take(RESTORED, rolls);
    },
    give(after, erase) {
      const rows = sql
        .exec<ErasedRoll & { id: number } & Cell>(
          "select id, grain, bucket, time_zone as timeZone, body from erased_rolls where id > ? order by id limit ?",
          ...[after, ROWS_AT_ONCE],
        )
        .toArray();
      return {
        rolls: rows.map(({ id: _, ...roll }) => ({ ...roll, body: unnamed(roll.body, erase) })),
        next: rows.length < ROWS_AT_ONCE ? null : rows.at(-1)!.id,
      };
    },
    beginTaking: (oldShard) => void sql.exec("delete from erased_rolls where from_shard = ?", oldShard),
    take(oldShard, rolls) {
      for (const { grain, bucket, timeZone, body } of rolls) sql.exec(INSERT, oldShard, grain, bucket, timeZone, body);
    },
  };
}

const INSERT = "insert into erased_rolls (from_shard, grain, bucket, time_zone, body) values (?, ?, ?, ?, ?)";

function minus(a: Readonly<Record<string, number>> = {}, b: Readonly<Record<string, number>> = {}) {
  const entries = [...new Set([...Object.keys(a), ...Object.keys(b)])].map(
    (name) => [name, (a[name] ?? 0) - (b[name] ?? 0)] as const,
  );
  const left = entries.filter(([, count]) => count !== 0);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

function rowMinus(a: RolledRow, b: RolledRow | undefined): RolledRow {
  const again = minus(a.again, b?.again);
  const revenue = minus(a.revenue, b?.revenue);
  return {
    key: a.key,
    counts: a.counts.map((count, place) => count - (b?.counts[place] ?? 0)),
    ...(again && { again }),
    ...(revenue && { revenue }),
  };
}

const isNothing = ({ counts, again, revenue }: RolledRow) => !again && !revenue && counts.every((count) => count === 0);

/** What `a` has more than `b`; counts may be below zero. */
export function rolledMinus(a: Rolled, b: Rolled): Rolled {
  const others = new Map(b.rows.map((row) => [keyOf(row.key), row]));
  const none = (row: RolledRow): RolledRow => ({ key: row.key, counts: row.counts.map(() => 0) });
  const keys = new Set(a.rows.map(({ key }) => keyOf(key)));
  const rows = [
    ...a.rows.map((row) => rowMinus(row, others.get(keyOf(row.key)))),
    ...b.rows.filter(({ key }) => !keys.has(keyOf(key))).map((row) => rowMinus(none(row), row)),
  ];
  return { rows: rows.filter((row) => !isNothing(row)), lasting: a.lasting - b.lasting };
}

/** Both together, without rows that come to nothing. */
export function rolledPlus(a: Rolled, b: Rolled): Rolled {
  const sum = rollUp.merge(a, b);
  return { rows: sum.rows.filter((row) => !isNothing(row)), lasting: sum.lasting };
}
