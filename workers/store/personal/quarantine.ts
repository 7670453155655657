// What quarantine and violations hold of a person.
import { unpackEvent } from "../../domain/event.ts";
import type { HeldEvent } from "../../domain/quarantine.ts";
import type { Site, SiteId } from "../../domain/site.ts";
import type { PersonalStore, Subject } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { inEachEpoch } from "../epoch-objects.ts";
import { overwriteRow } from "../overwrite-row.ts";
import { heldEvents, readQuarantined, type StoredHeldRow } from "../quarantine.ts";
import { identityKey } from "../secrets.ts";
import { createEventEditor, type EventEditor } from "../subjects/edit-events.ts";
import { samplesAfter, writeSample } from "../violations.ts";

const ROWS_AT_ONCE = 8;

async function* rowsOf(db: D1Database, siteId: SiteId): AsyncGenerator<StoredHeldRow> {
  for (let after: StoredHeldRow | null = null; ; ) {
    const rows: StoredHeldRow[] = await readQuarantined(db, siteId, { after, limit: ROWS_AT_ONCE });
    yield* rows;
    after = rows.at(-1) ?? null;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

const editorOf = async (env: Env, site: Site, subject: Subject): Promise<EventEditor> =>
  createEventEditor([subject], { identityKey: await identityKey(env), siteId: site.id });

/** The event's texts, and what a violation tells of them. */
function editHeld([line, packed, violations]: HeldEvent, { edit, erase }: EventEditor): HeldEvent | null {
  const [left] = edit([packed]);
  const told = violations.map((one) => ({ ...one, message: erase(one.message), sample: erase(one.sample) }));
  return left ? [line, left, told] : null;
}

async function eraseSamples(db: D1Database, siteId: SiteId, erase: (text: string) => string): Promise<number> {
  let erased = 0;
  for (let after = 0; ; ) {
    const rows = await samplesAfter(db, siteId, after);
    for (const { rowid, sample } of rows) {
      const left = erase(sample);
      if (left !== sample) await writeSample(db, { rowid, sample }, left);
      if (left !== sample) erased++;
      after = rowid;
    }
    if (rows.length === 0) return erased;
  }
}

export const quarantine = {
  name: "quarantine",
  about: "events that the tracking plan refused, for 30 days, and samples of what was wrong with them",
  async erase(env, site, subject) {
    await inEachEpoch(env, site, async (shard) => shard.flush());
    const editor = await editorOf(env, site, subject);
    const removed = { events: 0, named: 0, samples: 0 };
    for await (const row of rowsOf(env.DB, site.id)) {
      const before = heldEvents(row.body);
      const left = before.map((one) => editHeld(one, editor)).filter((one) => one !== null);
      const body = JSON.stringify(left);
      if (body === row.body) continue;
      const next = left.length > 0 ? { body, count: left.length } : null;
      if (!(await overwriteRow(env.DB, "quarantined", row, next))) return "unfinished";
      const kept = new Set(before.map((one) => JSON.stringify(one)));
      removed.events += before.length - left.length;
      removed.named += left.filter((one) => !kept.has(JSON.stringify(one))).length;
    }
    removed.samples = await eraseSamples(env.DB, site.id, editor.erase);
    const isNothing = Object.values(removed).every((count) => count === 0);
    return { store: this.name, removed, note: isNothing ? "nothing there was the person's" : "" };
  },
  async *events(env, site, subject) {
    await inEachEpoch(env, site, async (shard) => shard.flush());
    const { isTheirs } = await editorOf(env, site, subject);
    for await (const row of rowsOf(env.DB, site.id)) {
      const own = heldEvents(row.body).map(([, packed]) => unpackEvent(packed));
      const theirs = own.filter(isTheirs);
      if (theirs.length > 0) yield theirs;
    }
  },
} satisfies PersonalStore<Env>;
