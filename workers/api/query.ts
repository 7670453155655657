import { Hono } from "hono";
import * as z from "zod";
import type { ShardReply } from "../../durable-objects/site-shard/protocol.ts";
import { AppError, fieldErrors, type Problem } from "../domain/errors.ts";
import type { QueryResult } from "../domain/query.ts";
import { type AnalysisResult, type Question, questionSchema } from "../domain/question.ts";
import { FIRST_EPOCH } from "../domain/shard.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { createAnswerCache } from "../query/answer-cache.ts";
import { createRolledCache } from "../query/rolled-cache.ts";
import { answerQueries, isRefusal, type QueryAnswer, type QueryPorts } from "../query/run.ts";
import { listCustomMetrics } from "../store/custom-metrics.ts";
import { listGoals } from "../store/goals.ts";
import { epochOfRollups, epochsOf } from "../store/moves.ts";
import { siteShard } from "../store/objects.ts";
import { listRates } from "../store/rates.ts";
import { readRollups } from "../store/rollups.ts";
import { scanShard } from "../store/scan-shard.ts";
import { type AppContext, siteAt } from "./access.ts";
import { pointsPorts } from "./points-ports.ts";
import { invalidFields, problemOf } from "./problem.ts";
import { asFile, formatAsked } from "./query-file.ts";
import { progressForm, streamAnswer, type Watching } from "./query-progress.ts";
import { readJson } from "./read-json.ts";

const BODY_BYTES = 256 * 1024;
const batchSchema = z.array(questionSchema).min(1).max(20);

type Asked = Parameters<typeof scanShard>[2];
type Reply = QueryResult | AnalysisResult | { error: Problem };

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

/** `Cache-Control: no-cache`, as a reader's forced reload sends it. */
function wantsFresh(c: AppContext): boolean {
  return /\bno-(cache|store)\b/i.test(c.req.header("cache-control") ?? "");
}

/** None while the site moves to other shards, whose roll-ups are not whole. */
async function rolledPorts(env: Env, site: Site): Promise<Pick<QueryPorts, "rolled">> {
  const epoch = epochOfRollups(site, site.epoch === FIRST_EPOCH ? [] : await epochsOf(env.DB, site.id));
  if (epoch === null) return {};
  const { id: siteId, timeZone } = site;
  return {
    rolled: {
      standing: (shard, periods) => siteShard(env, site, shard).standing(timeZone, periods),
      read: (reads) => readRollups(env.DB, { siteId, epoch, timeZone }, reads),
      held: { cache: rolledCache, site: `${siteId} ${epoch} ${timeZone}` },
    },
  };
}

/** Asks a shard, and tells the watch how far it is. */
async function scanWatched(c: AppContext, site: Site, asked: Asked, watch: Watching | null): Promise<ShardReply[]> {
  // Without requests it is asked for no more than when it begins.
  if (!watch || asked.requests.length === 0) return scanShard(c.env, site, asked);
  const name = `${site.id} ${asked.shard}`;
  watch.began(name);
  const replies = await scanShard(c.env, site, { ...asked, watch: (progress) => watch.told(name, progress) });
  watch.ended(name);
  return replies;
}

interface Answering {
  id: Site["id"];
  watch: Watching | null;
}

async function answerFor(c: AppContext, queries: Question[], { id, watch }: Answering): Promise<QueryAnswer[]> {
  const site = await siteFor(c, id);
  const rolled = await rolledPorts(c.env, site);
  const [goals, customMetrics, rates] = await Promise.all([
    listGoals(c.env.DB, site.id),
    listCustomMetrics(c.env.DB, site.id),
    site.currency === null ? [] : listRates(c.env.DB, site.id, site.currency),
  ]);
  return answerQueries(queries, {
    site,
    goals,
    customMetrics,
    rates,
    now: Date.now(),
    scan: (shard, requests) => scanWatched(c, site, { shard, requests }, watch),
    ...rolled,
    ...pointsPorts(c.env, site, rolled),
    ...(wantsFresh(c) ? {} : { answers }),
  });
}

/** A dashboard's panels at once; each has its own answer or problem, in order. */
async function answerBatch(c: AppContext, body: unknown[], watch: Watching | null): Promise<Reply[]> {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  const replies: Reply[] = [];
  for (const [id, queries] of Map.groupBy(parsed.data, (query) => query.site_id)) {
    const answers = await answerFor(c, queries, { id, watch });
    for (const [i, answer] of answers.entries()) {
      const place = parsed.data.indexOf(queries[i]!);
      replies[place] = isRefusal(answer) ? { error: problemOf(invalidFields(answer.errors)).problem } : answer;
    }
  }
  return replies;
}

async function answerOne(
  c: AppContext,
  body: unknown,
  watch: Watching | null,
): Promise<Exclude<Reply, { error: Problem }>> {
  const parsed = questionSchema.safeParse(body);
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error.issues));
  const [answer] = await answerFor(c, [parsed.data], { id: parsed.data.site_id, watch });
  if (!answer) throw new AppError("internal", "the query had no answer");
  if (isRefusal(answer)) throw invalidFields(answer.errors);
  return answer;
}

/**
 * The shape of Plausible's Stats API v2, and beside it `analysis` with `params`; a list is answered with a list. Who accepts
 * NDJSON or an event stream is told how far it is; who asks for a format gets a file.
 */
export const query = new Hono<{ Bindings: Env }>().post("/", async (c) => {
  const format = formatAsked(c);
  const body = await readJson(c.req.raw, BODY_BYTES);
  if (format) return asFile(c, format, await answerOne(c, body, null));
  const answer = (watch: Watching | null) =>
    Array.isArray(body) ? answerBatch(c, body, watch) : answerOne(c, body, watch);
  const form = progressForm(c.req.header("accept"));
  return form ? streamAnswer<Reply | Reply[]>(form, answer) : c.json(await answer(null));
});
