// Rows by whom they are of, found by the codes of three columns.

import type { Identity, WantedIdentities } from "../../workers/domain/subject.ts";
import { type Batch, OWN_ID, type TextColumn, textAt } from "../../workers/engine/columns.ts";
import type { BatchSource } from "../../workers/engine/scan.ts";

type Flags = Uint8Array;

function flagsOf({ dict }: TextColumn, wanted: ReadonlySet<string>): Flags | null {
  if (wanted.size === 0) return null;
  const flags = Uint8Array.from(dict, (value) => (wanted.has(value) ? 1 : 0));
  return flags.includes(1) ? flags : null;
}

/** A browser's own id, as imports give it, is the row's visitor's. */
function browserFlags(
  batch: Batch,
  wanted: ReadonlySet<string>,
): { flags: Flags | null; own: Flags | null; ownCode: number } {
  const column = batch.text("persistentId");
  const ownCode = column.dict.indexOf(OWN_ID);
  return {
    flags: flagsOf(column, wanted),
    own: ownCode < 0 ? null : flagsOf(batch.text("visitorId"), wanted),
    ownCode,
  };
}

/** Rows that have any of the ids, ascending. */
export function rowsWith(batch: Batch, { userIds, persistentIds, visitorIds }: WantedIdentities): Uint32Array {
  const users = flagsOf(batch.text("userId"), new Set(userIds));
  const browsers = browserFlags(batch, new Set(persistentIds));
  const visitors = flagsOf(batch.text("visitorId"), new Set(visitorIds));
  if (!users && !browsers.flags && !browsers.own && !visitors) return new Uint32Array(0);
  const [user, browser, visitor] = (["userId", "persistentId", "visitorId"] as const).map(
    (name) => batch.text(name).codes,
  );
  const rows = new Uint32Array(batch.length);
  let count = 0;
  for (let row = 0; row < batch.length; row++) {
    const is =
      users?.[user![row]!] === 1 ||
      browsers.flags?.[browser![row]!] === 1 ||
      visitors?.[visitor![row]!] === 1 ||
      (browser![row] === browsers.ownCode && browsers.own?.[visitor![row]!] === 1);
    if (is) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

export const identityAt = (batch: Batch, row: number): Identity => ({
  userId: textAt(batch, "userId", row),
  persistentId: textAt(batch, "persistentId", row),
  visitorId: textAt(batch, "visitorId", row),
});

/** Shows each batch of a moment, giving way in between. */
export async function inEachBatch(
  source: BatchSource,
  pause: () => Promise<void>,
  look: (batch: Batch) => void,
): Promise<void> {
  const { batches, release } = await source.snapshot(pause);
  try {
    for (const batch of batches) {
      look(batch);
      await pause();
    }
  } finally {
    release();
  }
}

/** The distinct ids of events that have any of those wanted. */
export async function identitiesWith(
  source: BatchSource,
  wanted: WantedIdentities,
  pause: () => Promise<void>,
): Promise<Identity[]> {
  const found = new Map<string, Identity>();
  await inEachBatch(source, pause, (batch) => {
    for (const row of rowsWith(batch, wanted)) {
      const identity = identityAt(batch, row);
      found.set(Object.values(identity).join(" "), identity);
    }
  });
  return [...found.values()];
}
