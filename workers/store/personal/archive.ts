import { AppError } from "../../domain/errors.ts";
import { holdOf } from "../../domain/retention.ts";
import type { PersonalStore, Removed } from "../../domain/subject.ts";
import type { Env } from "../../env.ts";
import { listArchiveDays } from "../archive/archive-days.ts";
import { inArchiveTurn } from "../archive/archive-turn.ts";
import { editDay } from "../archive/edit-archive.ts";
import { DamagedArchive, datesIn } from "../archive/lake.ts";
import { tellShards } from "../erasure-epoch.ts";
import { changeErasure, findErasure } from "../erasures.ts";
import type { ArchiveProgress } from "../schema/erasures.ts";
import { identityKey } from "../secrets.ts";
import { findSite } from "../sites.ts";

/** Of a call: days are looked at until so long has passed; the next call goes on behind them. */
const CALL_MS = 2_000;
const BEGUN: ArchiveProgress = { through: "", days: 0, events: 0, named: 0, unread: [] };

const STORE = "archive";

function told({ days, events, named, unread }: ArchiveProgress, dates: readonly string[]): Removed {
  if (dates.length === 0) return { store: STORE, removed: {}, note: "nothing is archived" };
  const rewritten = `of ${dates.length} archived days, ${days} were written anew without the person, and the old files deleted`;
  const damaged = `; days whose files cannot be read may still hold the person: ${unread.join(", ")}`;
  return { store: STORE, removed: { days, events, named }, note: rewritten + (unread.length > 0 ? damaged : "") };
}

async function unbound(db: D1Database, siteId: string): Promise<Removed> {
  const days = (await listArchiveDays(db, siteId)).length;
  const note =
    days === 0
      ? "nothing is archived"
      : `not touched: the bucket with ${days} archived days is not bound; bind LAKE and ask for the erasure again`;
  return { store: STORE, removed: {}, note };
}

/** Every archived day that holds the person is written anew. Under a legal hold it waits, and the shards behind it. */
export const archive: PersonalStore<Env> = {
  name: STORE,
  about: "events of older days as Parquet files, where the site archives",
  async erase(env, { id }, subject) {
    const key = { siteId: id, id: subject.id };
    const [site, request] = [await findSite(env.DB, id), await findErasure(env.DB, key)];
    if (!site || !request) throw new Error(`there is no request ${subject.id} of a site ${id}`);
    if (holdOf(site.retention, Date.now())) return "unfinished";
    // From here on they archive nothing until their visitors have moved.
    if (!(await tellShards(env, site, request))) return "unfinished";
    const { LAKE } = env;
    if (!LAKE) return unbound(env.DB, id);
    const dates = await datesIn(LAKE, id);
    let so = request.archived ?? BEGUN;
    const leftOut = { subjects: [subject], key: { identityKey: await identityKey(env), siteId: id } };
    const until = Date.now() + CALL_MS;
    for (const date of dates.filter((one) => one > so.through)) {
      if (Date.now() >= until) return "unfinished";
      const edited = await inArchiveTurn(env.DB, site, (keep) => editDay(env, site, { date, leftOut, keep })).catch(
        (error: unknown) => {
          if (error instanceof DamagedArchive) return null;
          if (error instanceof AppError && error.code === "conflict") return "waits" as const;
          throw error;
        },
      );
      if (edited === "waits") return "unfinished";
      so = {
        through: date,
        days: so.days + (edited && edited.files > 0 ? 1 : 0),
        events: so.events + (edited?.events ?? 0),
        named: so.named + (edited?.named ?? 0),
        unread: edited ? so.unread : [...so.unread, date],
      };
      await changeErasure(env.DB, key, { archived: so });
    }
    return told(so, dates);
  },
};
