// Answers questions about one site: all that are asked together, such as a dashboard's panels, cost one scan a shard.

import type { ShardStanding } from "../../durable-objects/site-shard/protocol.ts";
import type { CustomMetric } from "../catalog/custom-metric.ts";
import type { FieldError } from "../domain/errors.ts";
import type { Funnel } from "../domain/funnel.ts";
import type { Calendar, Period } from "../domain/period.ts";
import type { QueryResult } from "../domain/query.ts";
import { type AnalysisQuery, type AnalysisResult, isAnalysisQuery, type Question } from "../domain/question.ts";
import type { Conversion, Rate } from "../domain/rates.ts";
import { namesSegment, type Segment, withSegments } from "../domain/segment.ts";
import type { Goal, Site } from "../domain/site.ts";
import type { ScanReply, ScanRequest } from "../engine/scan.ts";
import type { AnswerCache } from "./answer-cache.ts";
import { type AnalysisPlan, answerAnalysis, planAnalysis } from "./ask.ts";
import { type Choice, chooseEstimates, type Estimate, estimateAll, type PointsPorts, unavailable } from "./estimate.ts";
import { format } from "./format.ts";
import { askShards, askStandings, type Gathered, type GatherPorts, gather, type RolledPorts } from "./gather.ts";
import { type AddedHistory, calendarOf, calendarWith, type HistoryPorts, historyFor, wantsHistory } from "./history.ts";
import { withFunnel } from "./kept-funnel.ts";
import { figuresFrom } from "./merge.ts";
import { type NormalQuery, normalize, type Refusal } from "./normalize.ts";
import { type FigurePlan, figuresOf, groupsOf, type Plan, planFor } from "./plan.ts";
import type { Turns } from "./turns.ts";

export interface QueryPorts {
  site: Site;
  goals: readonly Goal[];
  /** Every version of the metrics that the site has of its own. */
  customMetrics?: readonly CustomMetric[];
  /** For questions whose filters name some. */
  segments?: readonly Segment[];
  /** For questions that name one. */
  funnels?: readonly Funnel[];
  /** What other currencies are worth in the site's own. */
  rates?: readonly Rate[];
  /** Milliseconds. */
  now: number;
  /** Ranges by name are those of this moment; of now when left out. */
  asOf?: number;
  /** Asks one shard; shards are numbered from 0 to site.shards - 1. More than one reply where visitors have moved on. */
  scan(shard: number, requests: ScanRequest[]): Promise<ScanReply[]>;
  /** Roll-ups and how they stand; absent, the shards are asked for everything. */
  rolled?: RolledPorts;
  /** Absent, nothing is asked of Analytics Engine; asked only where `rolled` tells how the shards stand. */
  points?: PointsPorts;
  /** What other tools counted before, for questions that include it. */
  histories?: HistoryPorts;
  /** Answers of before; only where `rolled` tells how the shards stand. */
  answers?: AnswerCache<Answer>;
  /** Beside `answers`: those who ask alike at once read one after the other, and find what was read. */
  turns?: Turns;
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
  history?: AddedHistory | null;
}

type Planned = PlannedQuery | AnalysisPlan | Refusal;

function gatherPorts({ site, now, scan, rolled }: QueryPorts): GatherPorts {
  return { shards: site.shards, now, scan, rolled };
}

/** When own events begin, asked of the shards only when some question needs it. */
async function earliestOf(questions: readonly Question[], ports: QueryPorts): Promise<number | undefined> {
  if (!questions.some((one) => one.date_range === "all" || wantsHistory(one, ports.histories))) return undefined;
  const times = (await askShards(gatherPorts(ports), [])).flatMap(({ earliest }) => earliest ?? []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** What a question is planned by. */
export type PlanFacts = Pick<QueryPorts, "site" | "goals" | "customMetrics" | "segments" | "funnels" | "rates">;

function conversionOf({ site, rates = [] }: PlanFacts): Conversion | null {
  return site.currency === null ? null : { currency: site.currency, rates };
}

function planned(question: Question, calendar: Calendar, ports: PlanFacts): Planned {
  if (!question.filters.some(namesSegment)) return plannedPlain(question, calendar, ports);
  const { filters, errors } = withSegments(question.filters, ports.segments ?? []);
  if (errors.length > 0) return { errors };
  const plan = plannedPlain({ ...question, filters }, calendar, ports);
  if ("errors" in plan) return plan;
  // The answer says what was asked.
  if ("request" in plan) return { ...plan, query: { ...plan.query, filters: question.filters } };
  return { ...plan, normal: { ...plan.normal, query: { ...plan.normal.query, filters: question.filters } } };
}

/** Of a question without segments. */
function plannedPlain(question: Question, calendar: Calendar, facts: PlanFacts): Planned {
  const { site, goals, customMetrics } = facts;
  if (isAnalysisQuery(question)) {
    const meant = withFunnel(question, facts.funnels ?? []);
    if ("errors" in meant) return meant;
    const shards = Math.max(site.shards, site.nextShards ?? 0);
    const plan = planAnalysis(meant, { calendar, goals, shards });
    return "errors" in plan ? plan : { ...plan, query: question };
  }
  const normal = normalize(question, calendar, { goals, customMetrics });
  return "errors" in normal
    ? normal
    : { normal, plan: planFor(normal, { timeZone: calendar.timeZone, goals, conversion: conversionOf(facts) }) };
}

/** What is wrong with a question that is kept to be asked later. */
export function questionErrors(question: Question, facts: PlanFacts, now: number): FieldError[] {
  const plan = planned(question, { now, timeZone: facts.site.timeZone }, facts);
  return "errors" in plan ? plan.errors : [];
}

interface Answering {
  gathered: Gathered;
  estimate: Estimate | undefined;
  timeZone: string;
  ms: number;
}

type Answer = QueryResult | AnalysisResult;
type Askable = Exclude<Planned, Refusal>;

function isAskable(one: Planned): one is Askable {
  return !("errors" in one);
}

function answerTo(one: Askable, { gathered, estimate, timeZone, ms }: Answering): Answer {
  const meta = { ...gathered.meta, ms };
  if ("request" in one) return answerAnalysis(one, gathered.found(one.request), meta);
  const { plan } = one;
  if (estimate) {
    const tables = { table: estimate.table, figures: () => [] };
    return format({ ...one, timeZone, meta: { ...estimate.meta, ms }, tables });
  }
  const groups = gathered.sourceOf(groupsOf(plan));
  const both = groups === "rollups" && figuresOf(plan).length > 0 ? "rollups_and_shards" : groups;
  const source = both === "shards" && gathered.meta.archived ? "archive" : both;
  const tables = { table: gathered.table, figures: ({ request }: FigurePlan) => figuresFrom(gathered.found(request)) };
  return format({ ...one, timeZone, meta: { source, exact: true, ...meta }, tables });
}

function requestsOf(one: Askable): ScanRequest[] {
  return "request" in one
    ? [one.request]
    : [...groupsOf(one.plan), ...figuresOf(one.plan)].map(({ request }) => request);
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
  /** The answer of before, in the order of the plans. */
  known: (Answer | undefined)[];
  /** What is not known, by one name. */
  missing: string;
  keep(index: number, answer: Answer): void;
}

/** Of the period of each plan; undefined where nobody needs to know. */
async function standingsFor(plans: readonly Askable[], ports: QueryPorts): Promise<ShardStanding[] | undefined> {
  const { answers, points, rolled } = ports;
  if (!(answers || points) || !rolled || plans.length === 0) return undefined;
  return askStandings(gatherPorts(ports), plans.map(reachOf));
}

interface Sources {
  standings: readonly ShardStanding[] | undefined;
  choice: Choice;
  /** Milliseconds: before the standings were asked for. */
  at: number;
}

function recall(plans: readonly Askable[], { standings, choice, at }: Sources, ports: QueryPorts): Recalled {
  const { answers, site, now } = ports;
  if (!answers || !standings) return { known: [], missing: "", keep() {} };
  const all = plans.map((one, index) => {
    // Estimates and exact answers are kept apart. Points arrive late, so an estimate is another one each minute.
    const source = "plan" in one && choice.plans.has(one.plan) ? [`points ${Math.floor(now / MINUTE_MS)}`] : [];
    return {
      key: JSON.stringify([
        site.id,
        site.epoch,
        site.timeZone,
        queryOf(one),
        meaningOf(one),
        requestsOf(one).map(toTheMinute),
        ...source,
      ]),
      content: standings.map(({ versions }) => versions[index]).join(),
    };
  });
  const known = all.map((one) => answers.get(one, { asked: now, now: at }));
  return {
    known,
    missing: all.flatMap(({ key }, index) => (known[index] ? [] : [key])).join("\n"),
    keep: (index, answer) => answers.set(all[index]!, { at, scanned: answer.meta.scanned }, answer),
  };
}

/** What else the answer depends on: the versions that the names meant, and the rates. */
function meaningOf(one: Askable): unknown {
  if ("request" in one) return null;
  return [one.normal.metrics.map(({ id }) => id), one.plan.main.money?.conversion, one.history?.key];
}

function queryOf(one: Askable): Question {
  return "request" in one ? one.query : one.normal.query;
}

/** What the exact sources are asked for. */
function exactParts(plans: readonly Askable[]) {
  return {
    groups: plans.flatMap((one) => ("plan" in one ? groupsOf(one.plan) : [])),
    requests: plans.flatMap((one) =>
      "request" in one ? [one.request] : figuresOf(one.plan).map(({ request }) => request),
    ),
  };
}

interface Answered {
  gathered: Gathered;
  estimate: Estimate | undefined;
}

/** Everything that is asked, from where it was chosen to come from; what Analytics Engine fails at, from the shards. */
async function answeredBy(plans: readonly Askable[], { standings, choice }: Sources, ports: QueryPorts) {
  const from = { ...gatherPorts(ports), standings };
  const isEstimated = (one: Askable) => "plan" in one && choice.plans.has(one.plan);
  const [exact, estimates] = await Promise.all([
    gather(exactParts(plans.filter((one) => !isEstimated(one))), from),
    estimateAll(
      plans.flatMap((one) => ("plan" in one && isEstimated(one) ? [one.plan] : [])),
      choice,
    ),
    ...plans.map((one) => ("plan" in one ? one.history?.load() : undefined)),
  ]);
  const estimateOf = (one: Askable) => ("plan" in one ? estimates.get(one.plan) : undefined);
  const failed = plans.filter((one) => isEstimated(one) && !estimateOf(one));
  const instead = failed.length > 0 ? await gather(exactParts(failed), from) : exact;
  return {
    failed,
    of: (one: Askable): Answered => ({ gathered: failed.includes(one) ? instead : exact, estimate: estimateOf(one) }),
  };
}

function withNote(answer: Answer, message: string | undefined): Answer {
  if (message === undefined) return answer;
  return { ...answer, meta: { ...answer.meta, notes: [...(answer.meta.notes ?? []), unavailable(message)] } };
}

interface Found extends Recalled {
  sources: Sources;
  /** Lets others read who ask alike. */
  done: () => void;
}

/** What is known already; while another reads what is not, that is waited for, and then known. */
async function lookUp(plans: readonly Askable[], ports: QueryPorts): Promise<Found> {
  const { clock = Date.now, now, turns } = ports;
  const begun = clock();
  for (;;) {
    const at = now + clock() - begun;
    const standings = await standingsFor(plans, ports);
    const choice = await chooseEstimates(
      plans.flatMap((one) => ("plan" in one ? [one.plan] : [])),
      { ...ports, standings },
    );
    const sources = { standings, choice, at };
    const recalled = recall(plans, sources, ports);
    if (!turns || recalled.missing === "") return { ...recalled, sources, done() {} };
    const done = turns.take(recalled.missing);
    if (done) return { ...recalled, sources, done };
    await turns.over(recalled.missing);
  }
}

/** In the order of the plans. */
async function answersTo(plans: readonly Askable[], ports: QueryPorts): Promise<Answer[]> {
  const clock = ports.clock ?? Date.now;
  const begun = clock();
  const { sources, known, keep, done } = await lookUp(plans, ports);
  try {
    const { failed, of } = await answeredBy(
      plans.filter((_, index) => known[index] === undefined),
      sources,
      ports,
    );
    const ms = clock() - begun;
    return plans.map((one, index) => {
      const instead = "plan" in one ? sources.choice.instead.get(one.plan) : undefined;
      const before = known[index];
      if (before)
        return withNote({ ...before, meta: { ...before.meta, ms, scanned: 0, rolled: 0, cached: true } }, instead);
      const answer = answerTo(one, { ...of(one), timeZone: ports.site.timeZone, ms });
      // What stands in for an estimate is not kept in its place.
      if (!failed.includes(one)) keep(index, answer);
      return withNote(answer, instead);
    });
  } finally {
    done();
  }
}

/** With what other tools counted before the first own event, where that is asked for. */
function plannedWith(question: Question, earliest: number | undefined, ports: QueryPorts): Planned {
  const facts = { ...ports, now: ports.asOf ?? ports.now, earliest };
  if (!wantsHistory(question, ports.histories)) return planned(question, calendarOf(facts), ports);
  const plan = planned(question, calendarWith(facts, ports.histories.all), ports);
  return "plan" in plan ? { ...plan, history: historyFor(plan, { ...ports.histories, ...facts }) } : plan;
}

/** Answers in the order of the questions; a refusal says what to change. Throws when a shard cannot be reached. */
export async function answerQueries<Q extends Question>(
  questions: readonly Q[],
  ports: QueryPorts,
): Promise<QueryAnswer<Q>[]> {
  const earliest = await earliestOf(questions, ports);
  const plans = questions.map((question) => plannedWith(question, earliest, ports));
  const askable = plans.filter(isAskable);
  const answers = await answersTo(askable, ports);
  const inOrder = plans.map((one) => (isAskable(one) ? answers[askable.indexOf(one)]! : one));
  return inOrder as QueryAnswer<Q>[]; // each kind of question is planned and answered as that kind
}
