// The old shard's part in an erasure: who is left out of what it gives, what those persons had brought to its roll-ups, and
// what it held of them.

import type { ErasedPart } from "../../workers/domain/rollup.ts";
import type { HeldOfPerson, Subject } from "../../workers/domain/subject.ts";
import type { Env } from "../../workers/env.ts";
import { identityKey } from "../../workers/store/secrets.ts";
import { createErasedRolls, type ErasedRolls } from "./erased-rolls.ts";
import { createErasing, type Erasing, heldOf } from "./erasing.ts";
import type { GivenRanges } from "./given-ranges.ts";
import type { ShardIdentity } from "./protocol.ts";
import { rolledAs } from "./roll-epoch.ts";
import { rollErased } from "./roll-erased.ts";
import type { Segments } from "./segments.ts";
import { readFact, writeFact } from "./tables.ts";
import type { TakenPieces } from "./taken-pieces.ts";

export interface LeaveOutPorts {
  storage: DurableObjectStorage;
  env: Env;
  segments: Segments;
  given: GivenRanges;
  pieces: TakenPieces;
  pause: () => Promise<void>;
}

export interface LeaveOut extends Erasing {
  rolls: ErasedRolls;
  /** Once roll-ups stand still: counts what the persons had brought to them. */
  count(of: ShardIdentity): Promise<void>;
  /** What earlier ones had brought, and those who are left out now. */
  give(after: number): Promise<ErasedPart>;
  heldOf(siteId: string, subject: Subject): Promise<HeldOfPerson>;
}

const COUNTED = "erasedCounted";

export function createLeaveOut(ports: LeaveOutPorts): LeaveOut {
  const { storage, env, segments, pause } = ports;
  const { sql } = storage;
  const erasing = createErasing({ ...ports, sql });
  const rolls = createErasedRolls(sql);
  return {
    ...erasing,
    rolls,
    async count(of) {
      const editor = await erasing.editor();
      if (!editor || readFact<boolean>(sql, COUNTED)) return;
      const subjects = erasing.subjects();
      const counted = await rollErased({
        subjects,
        editor,
        source: segments,
        db: env.DB,
        of: rolledAs(sql, of),
        pause,
      });
      storage.transactionSync(() => {
        rolls.setPending(counted);
        writeFact(sql, COUNTED, true);
      });
    },
    give: async (after) => rolls.give(after, (await erasing.editor())?.erase ?? ((text) => text)),
    heldOf: async (siteId, subject) =>
      heldOf(segments, { subject, key: { identityKey: await identityKey(env), siteId }, pause }),
  };
}
