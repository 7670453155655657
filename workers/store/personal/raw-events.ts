import type { PackedEvent } from "../../domain/event.ts";
import type { Site } from "../../domain/site.ts";
import type { PersonalStore, Subject } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { bringRawEventsBack, moveRawEvents } from "../fresh-pages.ts";
import { overwriteRow } from "../overwrite-row.ts";
import { rawRowsAfter, type StoredRawRow } from "../raw-events.ts";
import { identityKey } from "../secrets.ts";
import { createEventEditor, type EventEditor } from "../subjects/edit-events.ts";

function editRow(row: StoredRawRow, { edit }: EventEditor): { events: PackedEvent[]; gone: number; named: number } {
  const before = JSON.parse(row.body) as PackedEvent[]; // written by the outbox
  const events = edit(before);
  const kept = new Set(before);
  return { events, gone: before.length - events.length, named: events.filter((event) => !kept.has(event)).length };
}

/** Of copies restored from before, too: the subject may be known by sealed ids alone. */
export async function eraseRawEvents(
  env: Env,
  site: Pick<Site, "id">,
  subject: Subject,
): Promise<Record<string, number>> {
  const editor = createEventEditor([subject], { identityKey: await identityKey(env), siteId: site.id });
  const removed = { events: 0, named: 0 };
  let after = 0;
  for (;;) {
    const rows = await rawRowsAfter(env.DB, site.id, after);
    for (const row of rows) {
      const { events, gone, named } = editRow(row, editor);
      if (gone + named > 0) await overwriteRow(env.DB, "raw_events", row, rewritten(events));
      removed.events += gone;
      removed.named += named;
      after = row.rowid;
    }
    if (rows.length === 0) return removed;
  }
}

const rewritten = (events: readonly PackedEvent[]) =>
  events.length > 0 ? { body: JSON.stringify(events), count: events.length } : null;

export const rawEvents: PersonalStore<Env> = {
  name: "rawEvents",
  about: "a copy of the last days' events in D1, for SQL",
  async erase(env, site, subject) {
    await bringRawEventsBack(env.DB);
    const removed = await eraseRawEvents(env, site, subject);
    await moveRawEvents(env.DB);
    // Another request, of another site, may have had some of the rows elsewhere.
    const missed = await eraseRawEvents(env, site, subject);
    if (missed.events! + missed.named! > 0) return "unfinished";
    return {
      store: this.name,
      removed,
      note: "rows were overwritten, moved to other pages, and the pages that they were in overwritten; D1 can be wound back 30 days by its owner, after which nothing is left",
    };
  },
};
