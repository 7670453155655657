// Persons whose events are left out of what this shard gives to the next epoch. The shard itself changes nothing: what is
// copied from it to a fresh object is without them, and the object is emptied when all of it was taken.
import type { PropValue } from "../../workers/domain/event.ts";
import type { HeldOfPerson, Subject } from "../../workers/domain/subject.ts";
import type { Batch } from "../../workers/engine/columns.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import type { Env } from "../../workers/env.ts";
import { identityKey } from "../../workers/store/secrets.ts";
import { createEventEditor, type EventEditor, NAMING_FIELDS } from "../../workers/store/subjects/edit-events.ts";
import type { GivenRanges } from "./given-ranges.ts";
import type { ShardIdentity } from "./protocol.ts";
import { identityAt, inEachBatch, rowsWith } from "./rows-with.ts";
import { readFact } from "./tables.ts";
import type { TakenPieces } from "./taken-pieces.ts";

export interface Erasing {
  /** From now on what is given is without the person. False while visitors move: what was copied is not changed any more. */
  begin(subject: Subject): boolean;
  subjects(): Subject[];
  /** Null when nobody is to be left out. */
  editor(): Promise<EventEditor | null>;
}

export interface ErasingPorts {
  sql: SqlStorage;
  env: Env;
  given: GivenRanges;
  pieces: TakenPieces;
}

export function createErasing({ sql, env, given, pieces }: ErasingPorts): Erasing {
  const subjects = (): Subject[] =>
    sql
      .exec<{ subject: string }>("select subject from erasing order by id")
      .toArray()
      .map(({ subject }) => JSON.parse(subject) as Subject); // written below
  return {
    subjects,
    begin(subject) {
      const isKnown = subjects().some(({ id }) => id === subject.id);
      if (isKnown) return true;
      if (given.leaving || !pieces.whole) return false;
      sql.exec("insert into erasing values (?, ?)", subject.id, JSON.stringify(subject));
      return true;
    },
    async editor() {
      const all = subjects();
      const { siteId } = readFact<ShardIdentity>(sql, "identity") ?? {};
      if (all.length === 0 || siteId === undefined) return null;
      return createEventEditor(all, { identityKey: await identityKey(env), siteId });
    },
  };
}

/** The ids by which a subject's rows are looked for; those found are not all theirs. */
export const wantedOf = ({ userId, persistentIds, visitorIds }: Subject) => ({
  userIds: userId === "" ? [] : [userId],
  persistentIds,
  visitorIds,
});

export function theirRows(batch: Batch, subjects: readonly Subject[], { isTheirs }: EventEditor): Set<number> {
  const rows = new Set<number>();
  for (const subject of subjects) {
    for (const row of rowsWith(batch, wantedOf(subject))) if (isTheirs(identityAt(batch, row))) rows.add(row);
  }
  return rows;
}

/** Events of others in which a text names the person. */
function namedRows(batch: Batch, theirs: ReadonlySet<number>, { erase, eraseValue }: EventEditor): number {
  const named = new Set<number>();
  for (const field of NAMING_FIELDS) {
    const { codes, dict } = batch.text(field);
    const flags = dict.map((text) => erase(text) !== text);
    if (flags.includes(true)) for (const [row, code] of codes.entries()) if (flags[code]) named.add(row);
  }
  for (const name of batch.properties) {
    const { rows, codes, dict } = batch.property(name)!;
    const flags = dict.map((json) => JSON.stringify(eraseValue(JSON.parse(json) as PropValue)) !== json); // written by the batch builder
    if (flags.includes(true)) for (const [entry, code] of codes.entries()) if (flags[code]) named.add(rows[entry]!);
  }
  return [...named].filter((row) => !theirs.has(row)).length;
}

/** What the shard holds of one person. */
export async function heldOf(
  source: BatchSource,
  {
    subject,
    key,
    pause,
  }: { subject: Subject; key: Parameters<typeof createEventEditor>[1]; pause: () => Promise<void> },
): Promise<HeldOfPerson> {
  const editor = createEventEditor([subject], key);
  const held: HeldOfPerson = { events: 0, named: 0 };
  await inEachBatch(source, pause, (batch) => {
    const theirs = theirRows(batch, [subject], editor);
    held.events += theirs.size;
    held.named += subject.names.length > 0 ? namedRows(batch, theirs, editor) : 0;
  });
  return held;
}
