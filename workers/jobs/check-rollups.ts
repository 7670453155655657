import type { Env } from "../env.ts";
import { ofShard } from "../quality/hour-facts.ts";
import { rollsDiffer } from "../quality/streams/rolls-differ.ts";
import { siteShard } from "../store/objects.ts";
import { settleFindings } from "../store/quality.ts";
import { type CheckedShard, recordCheck, shardsToCheck } from "../store/roll-checks.ts";
import type { Job } from "./index.ts";

/** Each is some hours of one shard, and two calls of the fifty that the free plan allows. */
const LOOKS_A_RUN = 12;

async function look(env: Env, of: CheckedShard, now: number): Promise<CheckedShard | null> {
  const found = await siteShard(env, of, of.shard).checkRolls(of.through);
  // First: what is not recorded as looked at is looked at again, but by then it may be mended.
  if (found.differences.length > 0) {
    const findings = rollsDiffer(found.differences, of.timeZone, ofShard(of, of.shard));
    await settleFindings(env.DB, of.id, { judged: [], found: findings, at: now });
  }
  await recordCheck(env.DB, of, { ...found, now });
  return found.through === null ? null : { ...of, through: found.through };
}

/** Roll-ups are compared with the events they tell of, some hours a run, in turn; the shard mends what differs. */
export const checkRollups: Job = {
  name: "checkRollups",
  cron: "7 * * * *",
  async run(env, now) {
    let waiting = await shardsToCheck(env.DB, LOOKS_A_RUN);
    for (let looks = 0; looks < LOOKS_A_RUN && waiting.length > 0; ) {
      const next: CheckedShard[] = [];
      for (const of of waiting.slice(0, LOOKS_A_RUN - looks)) {
        const more = await look(env, of, now + looks++);
        if (more) next.push(more);
      }
      waiting = next;
    }
  },
};
