// Events that the archive alone holds, as segments of this object for a while: a scan that needs them has them fetched,
// checked and decoded once, and reads them as it reads all segments. They count only in snapshots that ask for their time.
import type { ArchivedFile } from "../../workers/domain/archive.ts";
import type { PackedEvent } from "../../workers/domain/event.ts";
import type { Period } from "../../workers/domain/period.ts";
import { EVERYBODY, inRange, leadOf, rangeOf, type VisitorRange } from "../../workers/domain/shard.ts";
import { paceOf } from "../../workers/engine/pace.ts";
import { readEvents } from "../../workers/store/archive/event-parquet.ts";
import { DamagedArchive, readFile } from "../../workers/store/archive/lake.ts";
import type { ArchivedFiles } from "./archived-files.ts";
import { type EncodedPart, encodeInParts } from "./encode-in-parts.ts";
import type { ShardIdentity } from "./protocol.ts";
import type { SegmentFacts, SegmentStore } from "./segment-store.ts";
import { readFact } from "./tables.ts";

const DAY_MS = 24 * 3600_000;
/** Sessions over the edges of a period; longer ones that began in the archive are cut off there. */
const MARGIN_MS = 2 * DAY_MS;
/** They stay so long after they were last asked for. */
const KEPT_MS = 3600_000;
/** More at once is too much for one object. */
const MOST_EVENTS = 20_000_000;
const VISITOR_FIELD = 4;

export interface ReadBack {
  /** What a scan of the period needs, ready; must be asked until `missing` is empty. */
  fetch(files: readonly ArchivedFile[], pause: () => Promise<void>): Promise<void>;
  missing(periods: readonly Period[]): ArchivedFile[];
  /** Segments of the periods' files, all of them fetched. */
  segments(periods: readonly Period[]): SegmentFacts[];
  isFetched(key: string): boolean;
  /** Fetched segments of one file. */
  ofFile(key: string): number[];
  /** Inside a transaction: those of the file are no longer the archive's. */
  release(key: string): void;
  /** Forgets what nobody has asked for in a while; all with `Infinity`. `store.refresh` is done. */
  expire(now: number): void;
  /** When something will have to be forgotten. */
  nextExpiry(): number | null;
}

export interface ReadBackPorts {
  storage: DurableObjectStorage;
  store: SegmentStore;
  files: ArchivedFiles;
  lake: R2Bucket | undefined;
}

/** The visitors that can be this shard's. */
export function ownRange(sql: SqlStorage): VisitorRange {
  const of = readFact<ShardIdentity>(sql, "identity");
  return of ? rangeOf(of.shard, of.shards) : EVERYBODY;
}

/** The file's events of visitors that can be the shard's, as blocks. */
async function encodedFile(file: ArchivedFile, { storage, lake }: ReadBackPorts, pause: () => Promise<void>) {
  if (!lake) throw new DamagedArchive("the archive's bucket is not bound; bind LAKE to read what was archived");
  const own = ownRange(storage.sql);
  const events: PackedEvent[] = [];
  for await (const group of readEvents(await readFile(lake, file))) {
    for (const packed of group) if (inRange(leadOf(packed[VISITOR_FIELD]), own)) events.push(packed);
    await pause();
  }
  return events.length > 0 ? encodeInParts(events, paceOf(pause)) : [];
}

/** Writes the blocks as segments of the file; their ids. */
function keepFile(file: ArchivedFile, parts: readonly EncodedPart[], { storage, store }: ReadBackPorts): number[] {
  const { importId, arrival } = file;
  const ids = storage.transactionSync(() => {
    const written = parts.map(({ batch, block }) => {
      const { earliest: atMin, latest: atMax, newest: receivedAt, length: count } = batch;
      return store.insert({ importId, atMin, atMax, receivedAt, count, run: 0, arrival, live: false }, block);
    });
    store.thaw(written);
    // A file without any of the own visitors is known by a row of its own.
    for (const segment of written.length > 0 ? written : [0]) {
      storage.sql.exec("insert into thawed values (?, ?)", file.key, segment);
    }
    return written;
  });
  store.refresh();
  return ids;
}

export function createReadBack(ports: ReadBackPorts): ReadBack {
  const { storage, store, files } = ports;
  const { sql } = storage;
  const fetched = new Map<string, number[]>();
  for (const { key, segment } of sql.exec<{ key: string; segment: number }>("select key, segment from thawed")) {
    fetched.set(key, [...(fetched.get(key) ?? []), ...(segment === 0 ? [] : [segment])]);
  }
  const usedAt = new Map([...fetched.keys()].map((key) => [key, Date.now()]));
  const underWay = new Map<string, Promise<void>>();

  async function fetchFile(file: ArchivedFile, pause: () => Promise<void>): Promise<void> {
    fetched.set(file.key, keepFile(file, await encodedFile(file, ports, pause), ports));
    usedAt.set(file.key, Date.now());
  }

  const wanted = (periods: readonly Period[]) =>
    files
      .dropped()
      .filter(({ atMin, atMax }) =>
        periods.some(({ from, to }) => atMax >= from - MARGIN_MS && atMin < to + MARGIN_MS),
      );

  function release(key: string): void {
    sql.exec("delete from thawed where key = ?", key);
    fetched.delete(key);
    usedAt.delete(key);
  }

  return {
    missing(periods) {
      const missing = wanted(periods).filter(({ key }) => !fetched.has(key));
      if (missing.reduce((sum, { rows }) => sum + rows, 0) > MOST_EVENTS) {
        throw new DamagedArchive(
          `over ${MOST_EVENTS} archived events at once; ask for a shorter period, or read the Parquet files`,
        );
      }
      return missing;
    },
    async fetch(wantedFiles, pause) {
      for (const file of wantedFiles) {
        const running = underWay.get(file.key) ?? fetchFile(file, pause).finally(() => underWay.delete(file.key));
        underWay.set(file.key, running);
        await running;
      }
    },
    segments(periods) {
      const keys = wanted(periods).map(({ key }) => key);
      for (const key of keys) usedAt.set(key, Date.now());
      const ids = new Set(keys.flatMap((key) => fetched.get(key) ?? []));
      return store.thawed().filter(({ id }) => ids.has(id));
    },
    isFetched: (key) => fetched.has(key),
    ofFile: (key) => fetched.get(key) ?? [],
    release,
    expire(now) {
      const old = [...fetched.keys()].filter((key) => (usedAt.get(key) ?? 0) < now - KEPT_MS);
      if (old.length === 0) return;
      storage.transactionSync(() => {
        for (const key of old) {
          store.remove(fetched.get(key) ?? []);
          release(key);
        }
      });
      store.refresh();
    },
    nextExpiry: () => (usedAt.size > 0 ? Math.min(...usedAt.values()) + KEPT_MS : null),
  };
}
