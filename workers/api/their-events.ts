// What is held of a person, for them to read: their events, from the shards, which hold all that other stores have copies of.
import { EVENT_COLUMNS, events } from "../analyses/events.ts";
import { inRange, leadOf, rangeOf, type VisitorRange } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Subject } from "../domain/subject.ts";
import type { ScanRequest } from "../engine/scan.ts";
import type { Env } from "../env.ts";
import type { Cell } from "../exports/table.ts";
import { askIdentities } from "../store/erasure-epoch.ts";
import { scanShard } from "../store/scan-shard.ts";
import { identityKey } from "../store/secrets.ts";
import { createEventEditor } from "../store/subjects/edit-events.ts";
import { resolveSubject } from "../store/subjects/resolve-subject.ts";

const DAY_MS = 24 * 3600_000;
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

/** Rows in the order of EVENT_COLUMNS, by visitor, then time. */
export async function* theirEvents(
  env: Env,
  site: Site,
  ids: Pick<Subject, "userId" | "persistentIds" | "names">,
): AsyncIterable<Cell[][]> {
  const found = await resolveSubject(ids, (wanted) => askIdentities(env, site, wanted));
  const subject: Subject = { ...ids, ...found, id: "" };
  const { isTheirs } = createEventEditor([subject], { identityKey: await identityKey(env), siteId: site.id });
  const { shards, timeZone } = site;
  const period = { from: 0, to: Date.now() + DAY_MS };
  const request: ScanRequest = { analysis: events.name, params: {}, ...period, timeZone, filters: [] };
  for (let shard = 0; shard < shards; shard++) {
    const own = found.touched.filter((visitor) => inRange(leadOf(visitor), rangeOf(shard, shards)));
    for (const some of chunksOf(own, AT_ONCE)) {
      const replies = await scanShard(env, site, { shard, requests: [request], within: rangesOf(some) });
      const { rows } = events.answer(
        replies.map(({ partials }) => partials[0]),
        {},
      );
      const theirs = rows.filter((row) =>
        isTheirs({ userId: String(row[USER]), persistentId: String(row[BROWSER]), visitorId: String(row[VISITOR]) }),
      );
      if (theirs.length > 0) yield theirs;
    }
  }
}
