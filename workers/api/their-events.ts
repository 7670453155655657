// What is held of a person, for them to read: their events, from the shards, which read the archive back, and from the quarantine.
import { EVENT_COLUMNS, events } from "../analyses/events.ts";
import { startOf } from "../domain/archive.ts";
import { type Event, packEvent } from "../domain/event.ts";
import type { Period } from "../domain/period.ts";
import { inRange, leadOf, rangeOf, type VisitorRange } from "../domain/shard.ts";
import type { Site, SiteId } from "../domain/site.ts";
import type { Subject } from "../domain/subject.ts";
import { batchOf } from "../engine/batch.ts";
import { sortedByVisitor } from "../engine/batch-rows.ts";
import { type ScanRequest, scan } from "../engine/scan.ts";
import type { Env } from "../env.ts";
import type { Cell } from "../exports/table.ts";
import { listArchiveDays } from "../store/archive/archive-days.ts";
import { askIdentities } from "../store/erasure-epoch.ts";
import { quarantine } from "../store/personal/quarantine.ts";
import { scanShard } from "../store/scan-shard.ts";
import { identityKey } from "../store/secrets.ts";
import { createEventEditor } from "../store/subjects/edit-events.ts";
import { resolveSubject } from "../store/subjects/resolve-subject.ts";

const DAY_MS = 24 * 3600_000;
const PERIOD_MS = 31 * DAY_MS;
/** Visitors asked about at once. */
const AT_ONCE = 50;

const place = (name: (typeof EVENT_COLUMNS)[number]) => EVENT_COLUMNS.indexOf(name);
const [USER, BROWSER, VISITOR] = [place("userId"), place("persistentId"), place("visitorId")];

function* chunksOf<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

/** Each visitor by itself: ids with the same leading digits share a range. */
const rangesOf = (visitorIds: readonly string[]): VisitorRange[] =>
  [...new Set(visitorIds.map(leadOf))].sort((a, b) => a - b).map((lead) => ({ from: lead, to: lead + 1 }));

/** A month of the archive at a time, since it is read back to be asked. */
async function periodsOf(db: D1Database, siteId: SiteId): Promise<Period[]> {
  const dates = (await listArchiveDays(db, siteId)).map(({ date }) => startOf(date));
  const starts = [0];
  for (let at = dates[0] ?? 0; at <= (dates.at(-1) ?? -1); at += PERIOD_MS) starts.push(at);
  const end = Date.now() + DAY_MS;
  return starts.map((from, index) => ({ from, to: starts[index + 1] ?? end })).filter(({ from, to }) => from < to);
}

const byVisitor = (a: Cell[], b: Cell[]) =>
  String(a[VISITOR]) < String(b[VISITOR]) ? -1 : Number(a[VISITOR] !== b[VISITOR]);

/** Events that lie in no shard, as rows. */
async function rowsOf(own: readonly Event[], request: ScanRequest): Promise<Cell[][]> {
  const batch = sortedByVisitor(batchOf(own.map(packEvent)));
  const snapshot = async () => ({ batches: [batch], release: () => undefined });
  const source = { snapshot, earliest: batch.earliest, latest: batch.latest };
  const { partials } = await scan(source, [request], { analyses: { events }, pause: async () => undefined });
  return events.answer(partials, {}).rows;
}

/** Rows in the order of EVENT_COLUMNS, by visitor, then time; last what the tracking plan refused. */
export async function* theirEvents(
  env: Env,
  site: Site,
  ids: Pick<Subject, "userId" | "persistentIds" | "names">,
): AsyncIterable<Cell[][]> {
  const found = await resolveSubject(ids, (wanted) => askIdentities(env, site, wanted));
  const subject: Subject = { ...ids, ...found, id: "" };
  const { isTheirs } = createEventEditor([subject], { identityKey: await identityKey(env), siteId: site.id });
  const { shards, timeZone } = site;
  const periods = await periodsOf(env.DB, site.id);
  for (let shard = 0; shard < shards; shard++) {
    const own = found.touched.filter((visitor) => inRange(leadOf(visitor), rangeOf(shard, shards)));
    for (const some of chunksOf(own, AT_ONCE)) {
      const theirs: Cell[][] = [];
      for (const period of periods) {
        const request: ScanRequest = { analysis: events.name, params: {}, ...period, timeZone, filters: [] };
        const replies = await scanShard(env, site, { shard, requests: [request], within: rangesOf(some) });
        const partials = replies.map((reply) => reply.partials[0]);
        const { rows } = events.answer(partials, {});
        theirs.push(
          ...rows.filter((row) =>
            isTheirs({
              userId: String(row[USER]),
              persistentId: String(row[BROWSER]),
              visitorId: String(row[VISITOR]),
            }),
          ),
        );
      }
      if (theirs.length > 0) yield theirs.sort(byVisitor);
    }
  }
  const ever = { analysis: events.name, params: {}, from: 0, to: Date.now() + DAY_MS, timeZone, filters: [] };
  for await (const refused of quarantine.events(env, site, subject)) yield await rowsOf(refused, ever);
}
