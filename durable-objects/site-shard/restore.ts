// A shard is filled from a backup, part by part; each notes its number in the transaction of what it writes, so that any may
// be sent again. Only an object without events begins.
import type { RestorePart, RestoreReply } from "../../workers/domain/backup.ts";
import { readLog } from "./log.ts";
import type { GivenMemory } from "./protocol.ts";
import { keepSeen } from "./stored-memory.ts";
import { readFact, writeFact } from "./tables.ts";
import { keepErased, keepMemory, type TakePorts } from "./take.ts";
import { takeIn } from "./take-in.ts";
import type { Upkeep } from "./upkeep.ts";

const FACT = "restored";

interface Restored {
  id: string;
  /** Of the last part that was taken. */
  number: number;
}

/** The returned function takes a part, or says why not. */
export function createRestoring(
  ports: Omit<TakePorts, "env" | "pieces"> & { upkeep: Upkeep },
): (part: RestorePart) => Promise<RestoreReply> {
  const { storage, store, memory, upkeep, recall } = ports;
  const { sql } = storage;

  async function take({ restore: id, number, events, words, memory: given }: RestorePart): Promise<RestoreReply> {
    const before = readFact<Restored>(sql, FACT);
    const isOther = before?.id !== id;
    if (isOther && (store.all().length > 0 || readLog(sql, 0, 1).length > 0)) return "occupied";
    const last = isOther ? 0 : (before?.number ?? 0);
    if (number <= last) return "taken";
    if (number !== last + 1) return "early";
    const note = () => writeFact(sql, FACT, { id, number } satisfies Restored);
    if (events) await takeIn(events, { ...ports, goesOn: false, took: () => undefined, note });
    // Ids and memory may be written twice: they are the same.
    if (words) keepSeen({ storage, ...memory }, words, Date.now());
    if (given !== undefined) {
      const kept = JSON.parse(given) as GivenMemory; // as a shard gave it
      storage.transactionSync(() => {
        keepMemory(ports, kept);
        keepErased(ports, kept.erased ?? []);
      });
      recall();
    }
    if (!events) note();
    return "taken";
  }

  return (part) => upkeep.inTurn(() => take(part));
}
