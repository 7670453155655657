// Answers questions about one site: all that are asked together, such as a dashboard's panels, cost one scan a shard.

import type { Calendar } from "../domain/period.ts";
import type { QueryResult } from "../domain/query.ts";
import { type AnalysisQuery, type AnalysisResult, isAnalysisQuery, type Question } from "../domain/question.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";
import { type AnalysisPlan, answerAnalysis, planAnalysis } from "./ask.ts";
import { format } from "./format.ts";
import { askShards, type Gathered, type GatherPorts, gather, type RolledPorts } from "./gather.ts";
import { type NormalQuery, normalize, type Refusal } from "./normalize.ts";
import { type GroupPlan, type Plan, planFor } from "./plan.ts";

export interface QueryPorts {
  site: Site;
  goals: readonly Goal[];
  /** Milliseconds. */
  now: number;
  /**
   * Asks one shard; shards are numbered from 0 to site.shards - 1. More than one reply where visitors have moved on.
   */
  scan(shard: number, requests: ScanRequest[]): Promise<ScanReply[]>;
  /** Roll-ups and how they stand; absent, the shards are asked for everything. */
  rolled?: RolledPorts;
  /** For the time taken, milliseconds; Date.now when left out. */
  clock?: () => number;
}

/** The result of each kind of question. */
export type ResultOf<Q extends Question> = Q extends AnalysisQuery ? AnalysisResult : QueryResult;
export type QueryAnswer<Q extends Question = Question> = ResultOf<Q> | Refusal;

export function isRefusal(answer: QueryResult | AnalysisResult | Refusal): answer is Refusal {
  return "errors" in answer;
}

interface PlannedQuery {
  normal: NormalQuery;
  plan: Plan;
}

type Planned = PlannedQuery | AnalysisPlan | Refusal;

function gatherPorts({ site, now, scan, rolled }: QueryPorts): GatherPorts {
  return { shards: site.shards, now, scan, rolled };
}

/** Where `all` begins, asked of the shards only when some question needs it. */
async function earliestOf(questions: readonly Question[], ports: QueryPorts): Promise<number | undefined> {
  if (!questions.some(({ date_range }) => date_range === "all")) return undefined;
  const times = (await askShards(gatherPorts(ports), [])).flatMap(({ earliest }) => earliest ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

function planned(question: Question, calendar: Calendar, { site, goals }: QueryPorts): Planned {
  if (isAnalysisQuery(question))
    return planAnalysis(question, { calendar, goals, shards: Math.max(site.shards, site.nextShards ?? 0) });
  const normal = normalize(question, calendar, goals);
  return "errors" in normal ? normal : { normal, plan: planFor(normal, { timeZone: calendar.timeZone, goals }) };
}

function groupsOf({ plan }: PlannedQuery): GroupPlan[] {
  return [plan.main, plan.comparison].flatMap((part) => (part ? [part.groups, ...Object.values(part.bases)] : []));
}

interface Answering {
  gathered: Gathered;
  timeZone: string;
  ms: number;
}

function answerTo(one: Planned, { gathered, timeZone, ms }: Answering): QueryAnswer {
  if ("errors" in one) return one;
  const meta = { ...gathered.meta, ms };
  if ("request" in one) return answerAnalysis(one, gathered.found(one.request), meta);
  const source = gathered.sourceOf(groupsOf(one));
  return format({ ...one, timeZone, meta: { source, ...meta }, tableOf: gathered.table });
}

/** Answers in the order of the questions; a refusal says what to change. Throws when a shard cannot be reached. */
export async function answerQueries<Q extends Question>(
  questions: readonly Q[],
  ports: QueryPorts,
): Promise<QueryAnswer<Q>[]> {
  const clock = ports.clock ?? Date.now;
  const begun = clock();
  const { timeZone } = ports.site;
  const earliest = await earliestOf(questions, ports);
  const calendar = { now: ports.now, timeZone, ...(earliest === undefined ? {} : { earliest }) };
  const plans = questions.map((question) => planned(question, calendar, ports));
  const groups = plans.flatMap((one) => ("plan" in one ? groupsOf(one) : []));
  const requests = plans.flatMap((one) => ("request" in one ? [one.request] : []));
  const gathered = await gather({ groups, requests }, gatherPorts(ports));
  const answers = plans.map((one) => answerTo(one, { gathered, timeZone, ms: clock() - begun }));
  return answers as QueryAnswer<Q>[]; // each kind of question is planned and answered as that kind
}
