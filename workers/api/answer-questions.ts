// Answers questions for whoever asks over HTTP: their site, what it has of its own, its shards and roll-ups.
import type { ShardReply } from "../../durable-objects/site-shard/protocol.ts";
import { isCatalogued } from "../catalog/packs/index.ts";
import { AppError } from "../domain/errors.ts";
import type { Question } from "../domain/question.ts";
import { namesSegment } from "../domain/segment.ts";
import type { Site } from "../domain/site.ts";
import { createAnswerCache } from "../query/answer-cache.ts";
import { createRolledCache } from "../query/rolled-cache.ts";
import { answerQueries, isRefusal, type QueryAnswer, type QueryPorts } from "../query/run.ts";
import { slowQuestion } from "../query/slow-question.ts";
import { createTurns } from "../query/turns.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { heldAMoment } from "../store/held-a-moment.ts";
import { listHistories, readHistory } from "../store/histories.ts";
import { listRates } from "../store/rates.ts";
import { listFunnels } from "../store/resources.ts";
import { rolledPorts } from "../store/rolled-ports.ts";
import { scanShard } from "../store/scan-shard.ts";
import { listSegments } from "../store/segments.ts";
import { noteSlow } from "../store/system/gather.ts";
import { type AppContext, siteAt } from "./access.ts";
import { pointsPorts } from "./points-ports.ts";
import { untilHangUp, type Watching } from "./query-progress.ts";

type Asked = Parameters<typeof scanShard>[2];

async function siteFor(c: AppContext, id: Site["id"]): Promise<Site> {
  const site = await siteAt(c, id, "query");
  if (!site)
    throw new AppError("not_found", `there is no site ${id}`, { errors: [{ path: "site_id", message: "unknown" }] });
  return site;
}

/** Characters of roll-up rows whose parsed form an isolate holds. */
const HELD_CHARS = 6_000_000;
const rolledCache = createRolledCache(HELD_CHARS);

const ANSWERS_CHARS = 4_000_000;
const answers: NonNullable<QueryPorts["answers"]> = createAnswerCache(ANSWERS_CHARS);

const TURN_MS = 60_000;
const LOOK_AGAIN_MS = 25;
const turns = createTurns({
  pause: () => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS)),
  clock: Date.now,
  longest: TURN_MS,
});

/** `Cache-Control: no-cache`, as a reader's forced reload sends it. */
function wantsFresh(c: AppContext): boolean {
  return /\bno-(cache|store)\b/i.test(c.req.header("cache-control") ?? "");
}

/** Asks a shard, and tells the watch how far it is. */
async function scanWatched(c: AppContext, site: Site, asked: Asked, watch: Watching): Promise<ShardReply[]> {
  // Without requests it is asked for no more than when it begins.
  if (asked.requests.length === 0) return scanShard(c.env, site, asked);
  const name = `${site.id} ${asked.shard}`;
  watch.began(name);
  const replies = await scanShard(c.env, site, { ...asked, watch: (progress) => watch.told(name, progress) });
  watch.ended(name);
  return replies;
}

function noteIfSlow(siteId: string, answered: readonly QueryAnswer<Question>[]): void {
  const answers = answered.flatMap((one) => (isRefusal(one) ? [] : [one]));
  const slow = slowQuestion(siteId, answers, Date.now());
  if (slow) noteSlow(slow);
}

interface Answering {
  id: Site["id"];
  /** Told how far the shards are; left out or null, the scans go on until the client hangs up. */
  watch?: Watching | null;
  /** Days begin in this zone instead of the site's: no roll-up and no answer of before is of them. */
  timeZone?: string;
  /** Ranges by name are those of this moment, milliseconds. */
  asOf?: number;
}

/** In the order of the questions, all of one site; throws where the asker may not query it. */
export async function answerQuestions<Q extends Question>(
  c: AppContext,
  queries: Q[],
  { id, watch, timeZone, asOf }: Answering,
): Promise<QueryAnswer<Q>[]> {
  const waiting = watch ?? untilHangUp(c.req.raw);
  const asked = await siteFor(c, id);
  const site = timeZone === undefined ? asked : { ...asked, timeZone };
  const rolled = site.timeZone === asked.timeZone ? await rolledPorts(c.env, site, rolledCache) : {};
  const namesOwn = queries.some((one) => "metrics" in one && !one.metrics.every(isCatalogued));
  const segmented = queries.some(({ filters }) => filters.some(namesSegment));
  const importing = queries.some((one) => "metrics" in one && one.include.imports === true);
  const namesFunnel = queries.some((one) => "params" in one && "funnel" in one.params);
  const [goals, customMetrics, segments, funnels, rates, histories] = await Promise.all([
    heldAMoment(`goals ${site.id}`, () => listGoals(c.env.DB, site.id)),
    namesOwn ? listCustomMetrics(c.env.DB, site.id) : [],
    segmented ? listSegments(c.env.DB, site.id) : [],
    namesFunnel ? listFunnels(c.env.DB, site.id) : [],
    site.currency === null ? [] : listRates(c.env.DB, site.id, site.currency),
    importing ? heldAMoment(`histories ${site.id}`, () => listHistories(c.env.DB, site.id)) : [],
  ]);
  const answering = answerQueries(queries, {
    site,
    goals,
    customMetrics,
    segments,
    funnels,
    rates,
    histories: { all: histories, read: (read) => readHistory(c.env.DB, site.id, read) },
    now: Date.now(),
    ...(asOf !== undefined && { asOf }),
    scan: (shard, requests) => scanWatched(c, site, { shard, requests }, waiting),
    ...rolled,
    ...pointsPorts(c.env, site, rolled),
    ...(wantsFresh(c) ? {} : { answers, turns }),
  });
  // Others may wait for it: who hangs up stops the scan, but the turn must still be ended.
  c.executionCtx.waitUntil(
    answering.then(
      (replies) => noteIfSlow(site.id, replies),
      () => {},
    ),
  );
  return answering;
}
