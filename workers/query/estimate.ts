// What Analytics Engine answers on sites above their exact limit, and what is said where it should have and could not.

import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { Table } from "../analyses/table.ts";
import type { QueryMeta, QueryNote } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";
import { tableFrom } from "./merge.ts";
import { type GroupPlan, type Plan, type PointsPlan, pointsPlan } from "./plan.ts";
import { MOST_ROWS } from "./points/build.ts";
import { type PointsAnswer, type PointsRow, pointsAnswer } from "./points/table.ts";
import { standingOf } from "./rolled.ts";

export interface PointsPorts {
  /** Events of the last 30 days, as far as they are rolled up. */
  eventsAMonth(): Promise<number>;
  /** The rows that a statement is answered with; rejects when there is no answer in time. A text says why none is asked. */
  ask: ((sql: string) => Promise<readonly PointsRow[]>) | string;
}

export interface Choice {
  /** Those that Analytics Engine answers. */
  plans: ReadonlyMap<Plan, PointsPlan>;
  /** Those that it would have answered, and why it does not; failures are added as they happen. */
  instead: Map<Plan, string>;
  ask: (sql: string) => Promise<readonly PointsRow[]>;
}

interface ChoicePorts {
  site: Site;
  now: number;
  points?: PointsPorts;
  standings: readonly ShardStanding[] | undefined;
}

const none = (): Choice => ({ plans: new Map(), instead: new Map(), ask: () => Promise.resolve([]) });

/** Whether the site is above its limit; what is not known to be above is exact. */
async function isAbove({ exactLimit }: Site, points: PointsPorts): Promise<boolean> {
  return exactLimit !== null && (await points.eventsAMonth()) > exactLimit;
}

export async function chooseEstimates(plans: readonly Plan[], ports: ChoicePorts): Promise<Choice> {
  const { site, now, points, standings } = ports;
  if (!points || !standings || plans.length === 0 || !(await isAbove(site, points))) return none();
  const rule = {
    siteId: site.id,
    now,
    standing: standingOf(standings),
    imported: standings.flatMap(({ imported }) => imported),
  };
  const chosen = plans.flatMap((plan) => {
    const own = pointsPlan(plan, rule);
    return own ? [[plan, own] as const] : [];
  });
  const { ask } = points;
  if (typeof ask === "string") return { ...none(), instead: new Map(chosen.map(([plan]) => [plan, ask])) };
  return { plans: new Map(chosen), instead: new Map(), ask };
}

export function unavailable(reason: string): QueryNote {
  return { code: "points_unavailable", message: `exact, though the site is above its exactLimit: ${reason}` };
}

export interface Estimate {
  table(group: GroupPlan): Table;
  meta: Pick<QueryMeta, "source" | "exact" | "scanned" | "rolled" | "freshness" | "notes">;
}

function notesOn(answers: readonly PointsAnswer[]): QueryNote[] {
  const points = answers.reduce((sum, { sampling }) => sum + sampling.points, 0);
  const events = answers.reduce((sum, { sampling }) => sum + sampling.events, 0);
  const sampled: QueryNote = {
    code: "sampled",
    message: `estimated from ${points} points, which stand for ${events} events`,
  };
  const cut: QueryNote = {
    code: "cut_off",
    message: `only the ${MOST_ROWS} largest groups are known; filter for others`,
  };
  return answers.some(({ isCut }) => isCut) ? [sampled, cut] : [sampled];
}

async function estimate(plan: PointsPlan, ask: Choice["ask"]): Promise<Estimate> {
  const answers = new Map<GroupPlan, PointsAnswer>();
  await Promise.all(
    [...plan].map(async ([group, query]) => void answers.set(group, pointsAnswer(query, await ask(query.sql)))),
  );
  const all = [...answers.values()];
  return {
    table: (group) => tableFrom({ request: group.request, partials: [answers.get(group)!.table] }),
    meta: {
      source: "analytics_engine",
      exact: false,
      scanned: all.reduce((sum, { sampling }) => sum + sampling.points, 0),
      rolled: 0,
      freshness: null,
      notes: notesOn(all),
    },
  };
}

/** Asks each statement once. Plans that it fails at are left out, and `choice` says why. */
export async function estimateAll(plans: readonly Plan[], choice: Choice): Promise<Map<Plan, Estimate>> {
  const asked = new Map<string, Promise<readonly PointsRow[]>>();
  const askOnce = (sql: string) => {
    const known = asked.get(sql) ?? choice.ask(sql);
    asked.set(sql, known);
    return known;
  };
  const estimates = new Map<Plan, Estimate>();
  await Promise.all(
    plans.map(async (plan) => {
      try {
        estimates.set(plan, await estimate(choice.plans.get(plan)!, askOnce));
      } catch (error) {
        choice.instead.set(plan, error instanceof Error ? error.message : String(error));
      }
    }),
  );
  return estimates;
}
