// Answers questions about one site: all that are asked together, such as a dashboard's panels, cost one scan a shard.

import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { Calendar, Period } from "../domain/period.ts";
import type { QueryResult } from "../domain/query.ts";
import { type AnalysisQuery, type AnalysisResult, isAnalysisQuery, type Question } from "../domain/question.ts";
import type { Conversion, Rate } from "../domain/rates.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { type AnalysisPlan, answerAnalysis, planAnalysis } from "./ask.ts";
import { format } from "./format.ts";
import { askShards, askStandings, type Gathered, type GatherPorts, gather, type RolledPorts } from "./gather.ts";
import { figuresFrom } from "./merge.ts";
import { type NormalQuery, normalize, type Refusal } from "./normalize.ts";
import { type FigurePlan, type GroupPlan, type Plan, planFor } from "./plan.ts";

export interface QueryPorts {
  site: Site;
  goals: readonly Goal[];
  /** Every version of the metrics that the site has of its own. */
  customMetrics?: readonly CustomMetric[];
  /** What other currencies are worth in the site's own. */
  rates?: readonly Rate[];
  /** Milliseconds. */
  now: number;
  /**
   * Asks one shard; shards are numbered from 0 to site.shards - 1. More than one reply where visitors have moved on.
   */
  scan(shard: number, requests: ScanRequest[]): Promise<ScanReply[]>;
  /** Roll-ups and how they stand; absent, the shards are asked for everything. */
  rolled?: RolledPorts;
  /** Answers of before; only where `rolled` tells how the shards stand. */
  answers?: AnswerCache<Answer>;
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

function conversionOf({ site, rates = [] }: QueryPorts): Conversion | null {
  return site.currency === null ? null : { currency: site.currency, rates };
}

function planned(question: Question, calendar: Calendar, ports: QueryPorts): Planned {
  const { site, goals, customMetrics } = ports;
  if (isAnalysisQuery(question))
    return planAnalysis(question, { calendar, goals, shards: Math.max(site.shards, site.nextShards ?? 0) });
  const normal = normalize(question, calendar, { goals, customMetrics });
  return "errors" in normal
    ? normal
    : { normal, plan: planFor(normal, { timeZone: calendar.timeZone, goals, conversion: conversionOf(ports) }) };
}

function figurePlansOf({ plan }: PlannedQuery): FigurePlan[] {
  return [plan.main, plan.comparison].flatMap((part) => part?.figures ?? []);
}

function groupsOf({ plan }: PlannedQuery): GroupPlan[] {
  return [plan.main, plan.comparison].flatMap((part) =>
    part ? [part.groups, ...Object.values(part.bases), ...(part.money?.byDay ? [part.money.byDay] : [])] : [],
  );
}

interface Answering {
  gathered: Gathered;
  timeZone: string;
  ms: number;
}

type Answer = QueryResult | AnalysisResult;
type Askable = Exclude<Planned, Refusal>;

function isAskable(one: Planned): one is Askable {
  return !("errors" in one);
}

function answerTo(one: Askable, { gathered, timeZone, ms }: Answering): Answer {
  const meta = { ...gathered.meta, ms };
  if ("request" in one) return answerAnalysis(one, gathered.found(one.request), meta);
  const groups = gathered.sourceOf(groupsOf(one));
  const source = groups === "rollups" && figurePlansOf(one).length > 0 ? "rollups_and_shards" : groups;
  const tables = { table: gathered.table, figures: ({ request }: FigurePlan) => figuresFrom(gathered.found(request)) };
  return format({ ...one, timeZone, meta: { source, ...meta }, tables });
}

function requestsOf(one: Askable): ScanRequest[] {
  return "request" in one ? [one.request] : [...groupsOf(one), ...figurePlansOf(one)].map(({ request }) => request);
}

const MINUTE_MS = 60_000;
/** Sessions over the edges of a period bring in what lies beyond them. */
const BEYOND_MS = 24 * 3_600_000;

/** From the first to the last moment on which the answer depends. */
function reachOf(one: Askable): Period {
  const requests = requestsOf(one);
  return {
    from: Math.min(...requests.map(({ from }) => from)) - BEYOND_MS,
    to: Math.max(...requests.map(({ to }) => to)) + BEYOND_MS,
  };
}

/** A period that ends now is another one at each moment; answers may be late by a minute. */
function toTheMinute(request: ScanRequest): ScanRequest {
  const minute = (time: number) => Math.floor(time / MINUTE_MS) * MINUTE_MS;
  return { ...request, from: minute(request.from), to: minute(request.to) };
}

interface Recalled {
  standings: ShardStanding[] | undefined;
  /** The answer of before, in the order of the plans. */
  known: (Answer | undefined)[];
  keep(index: number, answer: Answer): void;
}

async function recall(plans: readonly Askable[], ports: QueryPorts): Promise<Recalled> {
  const { answers, site, rolled } = ports;
  if (!answers || !rolled || plans.length === 0) return { standings: undefined, known: [], keep() {} };
  const standings = await askStandings(gatherPorts(ports), plans.map(reachOf));
  const all = plans.map((one, index) => ({
    key: JSON.stringify([
      site.id,
      site.epoch,
      site.timeZone,
      queryOf(one),
      meaningOf(one),
      requestsOf(one).map(toTheMinute),
    ]),
    content: standings.map(({ versions }) => versions[index]).join(),
  }));
  return {
    standings,
    known: all.map((one) => answers.get(one, ports.now)),
    keep: (index, answer) => answers.set(all[index]!, { at: ports.now, scanned: answer.meta.scanned }, answer),
  };
}

/** What else the answer depends on: the versions that the names meant, and the rates. */
function meaningOf(one: Askable): unknown {
  return "request" in one ? null : [one.normal.metrics.map(({ id }) => id), one.plan.main.money?.conversion];
}

function queryOf(one: Askable): Question {
  return "request" in one ? one.query : one.normal.query;
}

/** In the order of the plans. */
async function answersTo(plans: readonly Askable[], ports: QueryPorts): Promise<Answer[]> {
  const clock = ports.clock ?? Date.now;
  const begun = clock();
  const { standings, known, keep } = await recall(plans, ports);
  const missing = plans.filter((_, index) => known[index] === undefined);
  const groups = missing.flatMap((one) => ("plan" in one ? groupsOf(one) : []));
  const requests = missing.flatMap((one) =>
    "request" in one ? [one.request] : figurePlansOf(one).map(({ request }) => request),
  );
  const gathered = await gather({ groups, requests }, { ...gatherPorts(ports), standings });
  const ms = clock() - begun;
  return plans.map((one, index) => {
    const before = known[index];
    if (before) return { ...before, meta: { ...before.meta, ms, scanned: 0, rolled: 0, cached: true } };
    const answer = answerTo(one, { gathered, timeZone: ports.site.timeZone, ms });
    keep(index, answer);
    return answer;
  });
}

/** Answers in the order of the questions; a refusal says what to change. Throws when a shard cannot be reached. */
export async function answerQueries<Q extends Question>(
  questions: readonly Q[],
  ports: QueryPorts,
): Promise<QueryAnswer<Q>[]> {
  const { timeZone } = ports.site;
  const earliest = await earliestOf(questions, ports);
  const calendar = { now: ports.now, timeZone, ...(earliest === undefined ? {} : { earliest }) };
  const plans = questions.map((question) => planned(question, calendar, ports));
  const askable = plans.filter(isAskable);
  const answers = await answersTo(askable, ports);
  const inOrder = plans.map((one) => (isAskable(one) ? answers[askable.indexOf(one)]! : one));
  return inOrder as QueryAnswer<Q>[]; // each kind of question is planned and answered as that kind
}
