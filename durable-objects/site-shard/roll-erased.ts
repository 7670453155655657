// Counts what the persons to be left out brought to each bucket: what their visitors' events say with and without theirs.
// Visitors share nothing in roll-ups, so those of nobody else matter.
import type { PackedEvent } from "../../workers/domain/event.ts";
import { unpackEvent } from "../../workers/domain/event.ts";
import type { Identity, Subject } from "../../workers/domain/subject.ts";
import { batchOf } from "../../workers/engine/batch.ts";
import { partOf } from "../../workers/engine/batch-part.ts";
import { eventsOf, sortedByVisitor } from "../../workers/engine/batch-rows.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";
import type { EventEditor } from "../../workers/store/subjects/edit-events.ts";
import { rolledMinus } from "./erased-rolls.ts";
import { wantedOf } from "./erasing.ts";
import { bucketsTouched, DAY_MS, HOUR_MS, LOOK_BACK_DAYS } from "./roll-calendar.ts";
import { type RolledBucket, type RolledPanelsPorts, rolledWith } from "./rolled-panels.ts";
import { identitiesWith, inEachBatch, rowsWith } from "./rows-with.ts";
import { hourOf } from "./seen-ids.ts";

/** Events of before and after theirs may be told of with them: a session's, a day's that looks back. */
const REACH_BEFORE_MS = 2 * DAY_MS;
const REACH_AFTER_MS = (LOOK_BACK_DAYS + 2) * DAY_MS;
const AT_FIELD = 2;

function sourceOf(events: readonly PackedEvent[]): BatchSource {
  const batch = sortedByVisitor(batchOf(events));
  return {
    snapshot: async () => ({ batches: events.length > 0 ? [batch] : [], release() {} }),
    earliest: batch.earliest,
    latest: batch.latest,
  };
}

/** Visitors with an event of theirs, and those whom a browser's id joins to them. */
async function visitorsNear(source: BatchSource, subjects: readonly Subject[], pause: () => Promise<void>) {
  const wanted = subjects.map(wantedOf);
  const near = await identitiesWith(
    source,
    {
      userIds: wanted.flatMap(({ userIds }) => userIds),
      persistentIds: wanted.flatMap(({ persistentIds }) => persistentIds),
      visitorIds: wanted.flatMap(({ visitorIds }) => visitorIds),
    },
    pause,
  );
  const ids = (name: keyof Identity, of: readonly Identity[]) =>
    [...new Set(of.map((one) => one[name]))].filter((id) => id !== "");
  const joined = await identitiesWith(
    source,
    { userIds: [], persistentIds: ids("persistentId", near), visitorIds: ids("visitorId", near) },
    pause,
  );
  return ids("visitorId", joined);
}

function bucketsNear(all: readonly PackedEvent[], theirs: readonly PackedEvent[], timeZone: string): RolledBucket[] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const packed of theirs) {
    first = Math.min(first, packed[AT_FIELD] - REACH_BEFORE_MS);
    last = Math.max(last, packed[AT_FIELD] + REACH_AFTER_MS);
  }
  const hours = new Set<number>();
  for (const packed of all) {
    const at = packed[AT_FIELD];
    if (at >= first && at <= last) for (const hour of [at, at + HOUR_MS / 2]) hours.add(hourOf(hour));
  }
  return (["hour", "day"] as const).flatMap((grain) =>
    bucketsTouched([...hours], null, grain, timeZone).map((bucket) => ({ ...bucket, grain })),
  );
}

/** Each bucket for what it says with the events and without some of them. */
export async function rollsWithout(
  { before, after, theirs }: Record<"before" | "after" | "theirs", readonly PackedEvent[]>,
  ports: Omit<RolledPanelsPorts, "erased" | "source">,
) {
  const { timeZone } = ports.of;
  const sources = { before: sourceOf(before), after: sourceOf(after) };
  const rolls = [];
  for (const bucket of bucketsNear(before, theirs, timeZone)) {
    const was = await rolledWith(bucket, { ...ports, source: sources.before });
    const is = await rolledWith(bucket, { ...ports, source: sources.after });
    const rolled = was.map((one, place) => rolledMinus(one, is[place]!));
    const { grain, start } = bucket;
    if (rolled.some(({ rows, lasting }) => rows.length > 0 || lasting !== 0))
      rolls.push({ grain, bucket: start, timeZone, rolled });
  }
  return rolls;
}

export interface RollErased extends Omit<RolledPanelsPorts, "erased"> {
  subjects: readonly Subject[];
  editor: EventEditor;
}

export async function rollErased({ subjects, editor, ...ports }: RollErased) {
  const { source, pause } = ports;
  const wanted = { userIds: [], persistentIds: [], visitorIds: await visitorsNear(source, subjects, pause) };
  const all: PackedEvent[] = [];
  await inEachBatch(source, pause, (batch) => {
    const rows = rowsWith(batch, wanted);
    // Under the names that the roll-ups will have.
    if (rows.length > 0) all.push(...eventsOf(partOf(batch, rows)).map(editor.unnamed));
  });
  const isTheirs = (packed: PackedEvent) => editor.isTheirs(unpackEvent(packed));
  const rolled = { before: all, after: all.filter((packed) => !isTheirs(packed)), theirs: all.filter(isTheirs) };
  return rollsWithout(rolled, ports);
}
