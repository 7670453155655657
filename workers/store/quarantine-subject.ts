// What quarantine and violations hold of a person.
import { type Event, unpackEvent } from "../domain/event.ts";
import type { HeldEvent } from "../domain/quarantine.ts";
import type { Site, SiteId } from "../domain/site.ts";
import { ERASED, type PersonalStore, type Subject } from "../domain/subject.ts";
import { inEachEpoch } from "./epoch-objects.ts";
import type { ObjectNamespaces } from "./objects.ts";
import { heldEvents, keepQuarantined, readQuarantined, type StoredHeldRow } from "./quarantine.ts";

type Env = Pick<ObjectNamespaces, "SITE_SHARD"> & { DB: D1Database };
const ROWS_AT_ONCE = 8;

async function* rowsOf(db: D1Database, siteId: SiteId): AsyncGenerator<StoredHeldRow> {
  for (let after: StoredHeldRow | null = null; ; ) {
    const rows: StoredHeldRow[] = await readQuarantined(db, siteId, { after, limit: ROWS_AT_ONCE });
    yield* rows;
    after = rows.at(-1) ?? null;
    if (rows.length < ROWS_AT_ONCE) return;
  }
}

/** By their ids, and by texts that name them in what is written down of the event. */
function isOf(event: Event, { userId, persistentIds, visitorIds, names }: Subject): boolean {
  if (userId !== "" && event.userId === userId) return true;
  if (visitorIds.includes(event.visitorId)) return true;
  if (event.persistentId !== "" && persistentIds.includes(event.persistentId)) return true;
  const written = JSON.stringify([event.props, event.title, event.path, event.referrer]);
  return names.some((name) => name !== "" && written.includes(JSON.stringify(name).slice(1, -1)));
}

const isHeldOf = ([, packed]: HeldEvent, subject: Subject): boolean => isOf(unpackEvent(packed), subject);

async function eraseSamples(db: D1Database, siteId: SiteId, names: readonly string[]): Promise<number> {
  let erased = 0;
  for (const name of names.filter((one) => one !== "")) {
    const { meta } = await db
      .prepare("update violations set sample = ?3 where site_id = ?1 and instr(sample, ?2) > 0")
      .bind(siteId, name, ERASED)
      .run();
    erased += meta.changes;
  }
  return erased;
}

export const quarantineSubject: PersonalStore<Env> = {
  name: "quarantine",
  about: "Events that the tracking plan refused, for 30 days, and samples of what was wrong with them.",
  async erase(env, site: Site, subject) {
    await inEachEpoch(env, site, async (shard) => shard.flush());
    let events = 0;
    for await (const row of rowsOf(env.DB, site.id)) {
      const all = heldEvents(row.body);
      const left = all.filter((event) => !isHeldOf(event, subject));
      if (left.length === all.length) continue;
      events += all.length - left.length;
      await keepQuarantined(env.DB, site.id, { row, left });
    }
    const samples = await eraseSamples(env.DB, site.id, subject.names);
    return { store: "quarantine", removed: { events, samples }, note: "" };
  },
  async *events(env, site, subject) {
    await inEachEpoch(env, site, async (shard) => shard.flush());
    for await (const row of rowsOf(env.DB, site.id)) {
      const own = heldEvents(row.body).filter((event) => isHeldOf(event, subject));
      if (own.length > 0) yield own.map(([, packed]) => unpackEvent(packed));
    }
  },
};
