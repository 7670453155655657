// Takes events out of quarantine that fit the plan by now. Each goes under an import and a line of its own, which the shard
// takes once, whatever is asked twice or ends in the middle; only then it leaves the quarantine.

import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import { unpackEvent } from "../domain/event.ts";
import { type HeldEvent, replayedId, replayImport } from "../domain/quarantine.ts";
import type { Site } from "../domain/site.ts";
import type { ViolationRule } from "../domain/tracking-plan.ts";
import type { Env } from "../env.ts";
import { checkerOf, isHeld, type PlanChecker } from "../ingest/plan-checker.ts";
import { inEachEpoch } from "../store/epoch-objects.ts";
import { type Import, openImport } from "../store/imports.ts";
import {
  countQuarantined,
  type HeldKey,
  heldEvents,
  keepQuarantined,
  readQuarantined,
  type StoredHeldRow,
} from "../store/quarantine.ts";
import { currentPlan } from "../store/tracking-plans.ts";
import { type AppendOutcome, appendEvents } from "./append.ts";
import { cursorText, cursorValue } from "./cursor.ts";

const APPEND_EVENTS = 500;
const ROWS_AT_ONCE = 8;
/** Of one request: then it is asked again, from there on. A row costs a few calls, of which the platform allows some. */
const MOST_EVENTS = 5_000;
const MOST_ROWS = 160;

export interface ReplayAsked {
  event?: string | undefined;
  rule?: ViolationRule | undefined;
  /** The `next` of the request before. */
  cursor?: string | undefined;
  now: number;
}

export interface Replayed {
  /** Taken now, and taken by a replay before that did not come to its end. */
  replayed: number;
  duplicate: number;
  /** Looked at, and refused by the plan as it stands. */
  refused: number;
  /** Fit the plan but could not be taken now. */
  retry: number;
  /** In quarantine after it. */
  left: number;
  /** Whether events were not looked at, since there were too many for one request. */
  more: boolean;
  /** Where it goes on; null when all was looked at. */
  next: string | null;
}

const keySchema = z.tuple([z.int(), z.int(), z.int()]);

function keyOf(cursor: string): HeldKey {
  const [epoch, shard, seq] = cursorValue(cursor, keySchema);
  return { epoch, shard, seq };
}

const isWanted = ([, packed, violations]: HeldEvent, { event, rule }: ReplayAsked): boolean =>
  (event === undefined || unpackEvent(packed).name === event) &&
  (rule === undefined || violations.some((violation) => violation.rule === rule));

function fits([, packed]: HeldEvent, checker: PlanChecker): boolean {
  const { name, props } = unpackEvent(packed);
  return !isHeld(checker.check(name, props));
}

async function importFor(env: Env, site: Site, { receivedAt }: StoredHeldRow, now: number): Promise<Import> {
  const id = replayImport(receivedAt);
  const label = `Replayed from quarantine, ${id.slice(-7)}`;
  const row = await openImport(env.DB, { siteId: site.id, id, label, visitors: "given", bots: "keep", createdAt: now });
  if (row.state === "open") return row;
  throw new AppError("conflict", `the import ${id}, which takes replayed events, is ${row.state}; undo it to the end`);
}

async function append(env: Env, site: Site, { id, createdAt }: Import, events: readonly HeldEvent[]) {
  const outcomes: AppendOutcome[] = [];
  for (let from = 0; from < events.length; from += APPEND_EVENTS) {
    const part = events.slice(from, from + APPEND_EVENTS).map(([line, packed]) => {
      const event = unpackEvent(packed);
      return { event: { ...event, id: replayedId(event.id, id, line) } };
    });
    outcomes.push(...(await appendEvents(env, site, { events: part, importId: id, importBegan: createdAt })));
  }
  return outcomes;
}

export async function replayQuarantine(env: Env, site: Site, asked: ReplayAsked): Promise<Replayed> {
  let after = asked.cursor === undefined ? null : keyOf(asked.cursor);
  // What shards hold and D1 has not yet.
  await inEachEpoch(env, site, async (shard) => shard.flush());
  const checker = checkerOf((await currentPlan(env.DB, site.id)).plan);
  const done = { replayed: 0, duplicate: 0, refused: 0, retry: 0 };
  let [looked, read] = [0, 0];
  let more = true;
  while (more && looked < MOST_EVENTS && read < MOST_ROWS) {
    const rows: StoredHeldRow[] = await readQuarantined(env.DB, site.id, { after, limit: ROWS_AT_ONCE });
    for (const row of rows) {
      const events = heldEvents(row.body);
      const wanted = events.filter((event) => isWanted(event, asked));
      const fitting = wanted.filter((event) => fits(event, checker));
      looked += wanted.length;
      done.refused += wanted.length - fitting.length;
      if (fitting.length === 0) continue;
      const outcomes = await append(env, site, await importFor(env, site, row, asked.now), fitting);
      const taken = new Set<HeldEvent>();
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome === "accepted") done.replayed++;
        else if (outcome === "duplicate") done.duplicate++;
        else done.retry++;
        if (outcome === "accepted" || outcome === "duplicate") taken.add(fitting[i]!);
      }
      await keepQuarantined(env.DB, site.id, { row, left: events.filter((event) => !taken.has(event)) });
    }
    after = rows.at(-1) ?? after;
    read += rows.length;
    more = rows.length === ROWS_AT_ONCE;
  }
  const next = more && after ? cursorText([after.epoch, after.shard, after.seq]) : null;
  return { ...done, left: await countQuarantined(env.DB, site.id), more, next };
}
