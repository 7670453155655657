// A synthetic visitor every few minutes, through the front door and back: what was sent to collect must come out of a query,
// each event once and in time; and of an hour that is over, roll-ups must tell what its events tell.
import { exports } from "cloudflare:workers";
import { CANARY } from "../domain/canary.ts";
import type { Filter, QueryInput, QueryResult } from "../domain/query.ts";
import type { Env } from "../env.ts";
import { type CanaryHour, forgetCanaryAfter, lastCanary, pruneCanary, recordCanary } from "../store/canary.ts";
import type { Job } from "./index.ts";

const ORIGIN = "https://canary.invalid";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The free plan's objects may be awake for so long a day; there it comes by each quarter of an hour. */
const FREE_EVERY_MS = 15 * MINUTE_MS;
/** An event must be counted so soon after the collector has answered. */
const FRESH_MS = 1000;
const LOOK_AGAIN_MS = 100;
/** An hour is rolled up once its visits are over and its shard was awake again. */
const ROLLED_AFTER_MS = 2 * HOUR_MS;
/** Runs may overtake one another by so much. */
const AHEAD_MS = 10 * MINUTE_MS;
const KEPT_MS = 90 * 24 * HOUR_MS;

const METRICS = ["events", "pageviews", "visitors", "visits"];
/** Two pages and an event of one visitor in one visit. */
const EXPECTED = [3, 2, 1, 1];

/** Every visit is another visitor's, by its agent, and on pages of its own. */
function eventsOf(at: number): Record<string, unknown>[] {
  const url = (page: string) => `https://canary.example/visit/${at / MINUTE_MS}/${page}`;
  const event = (name: string, page: string, place: number) => ({
    site: CANARY.id,
    name,
    url: url(page),
    at: at + place,
    id: `canary-${at}-${place}`,
  });
  return [event("pageview", "door", 0), event("pageview", "cage", 1), event("canary_sang", "cage", 2)];
}

async function post<Body>(path: string, body: unknown, headers: Record<string, string>): Promise<Body> {
  const response = await exports.default.fetch(`${ORIGIN}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as Body; // of the API's own, from one build
}

interface Receipt {
  accepted: number;
  duplicate: number;
}

function send(at: number, retry: boolean): Promise<Receipt> {
  const events = eventsOf(at).map((event) => ({ ...event, ...(retry && { retry }) }));
  const agent = `Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Visit/${at / MINUTE_MS}`;
  return post<Receipt>("/api/event", events, { "user-agent": agent });
}

function ask(env: Env, questions: QueryInput[]): Promise<QueryResult[]> {
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}`, "cache-control": "no-cache" };
  return post("/api/v2/query", questions, headers);
}

const figuresOf = (answer: QueryResult | undefined): number[] => answer?.results[0]?.metrics.map(Number) ?? [];

/** Until the figures are right, or it takes too long. */
async function countedOf(env: Env, at: number): Promise<{ figures: number[]; tookMs: number }> {
  const began = Date.now();
  const range: [string, string] = [new Date(at - HOUR_MS).toISOString(), new Date(at + HOUR_MS).toISOString()];
  const filters: Filter[] = [["contains", "event:page", [`/visit/${at / MINUTE_MS}/`]]];
  const question = { site_id: CANARY.id, metrics: METRICS, date_range: range, filters };
  for (;;) {
    const figures = figuresOf((await ask(env, [question]))[0]);
    const tookMs = Date.now() - began;
    if (figures.join() === EXPECTED.join() || tookMs >= FRESH_MS) return { figures, tookMs };
    await scheduler.wait(LOOK_AGAIN_MS);
  }
}

/** What is wrong with the roll-ups of an hour that is over; null when they are right, or there is nothing to tell. */
async function rolledProblem(env: Env, from: number): Promise<string | null> {
  const range: [string, string] = [new Date(from).toISOString(), new Date(from + HOUR_MS).toISOString()];
  const hour = { site_id: CANARY.id, metrics: METRICS, date_range: range, dimensions: ["time:hour"] };
  // A filter of events is answered from the events themselves.
  const all: Filter[] = [["contains", "event:page", ["/visit/"]]];
  const [rolled, scanned] = await ask(env, [hour, { ...hour, filters: all }]);
  const [told, real] = [figuresOf(rolled), figuresOf(scanned)];
  const label = new Date(from).toISOString();
  if (told.join() !== real.join())
    return `of the hour ${label} roll-ups tell ${told.join()}, the events ${real.join()}`;
  if ((real[0] ?? 0) > 0 && rolled?.meta.source !== "rollups") return `the hour ${label} is not rolled up yet`;
  return null;
}

async function visit(env: Env, at: number, looksBack: boolean): Promise<{ problem: string | null; tookMs: number }> {
  const first = await send(at, false);
  const again = await send(at, true);
  const { figures, tookMs } = await countedOf(env, at);
  const problem = (): string | null => {
    // A visit that was broken off and is repeated finds its own events there.
    if (first.accepted + first.duplicate !== EXPECTED[0])
      return `collect took ${first.accepted} of ${EXPECTED[0]} events`;
    if (again.duplicate !== EXPECTED[0]) return `collect took ${again.accepted} events that it had taken before`;
    if (figures.join() === EXPECTED.join()) return null;
    return `${METRICS.join(", ")} came out as ${figures.join(", ")} and not ${EXPECTED.join(", ")}, ${tookMs} ms after they were taken`;
  };
  const rolled = looksBack ? await rolledProblem(env, at - (at % HOUR_MS) - ROLLED_AFTER_MS - HOUR_MS) : null;
  return { problem: problem() ?? rolled, tookMs };
}

/** The newest hour; what was told by a clock that has been set back is forgotten, or nothing would be due until then. */
async function lastOf(env: Env, at: number): Promise<CanaryHour | null> {
  const last = await lastCanary(env.DB);
  if (!last || last.lastAt <= at + AHEAD_MS) return last;
  await forgetCanaryAfter(env.DB, at);
  return lastCanary(env.DB);
}

export const visitCanary: Job = {
  name: "visitCanary",
  cron: "*/5 * * * *",
  async run(env, now) {
    const at = now - (now % MINUTE_MS);
    const last = await lastOf(env, at);
    const every = env.EDGEWISE_PLAN === "free" ? FREE_EVERY_MS : 0;
    // Told already, or too soon.
    if (last && (at <= last.lastAt || at < last.lastAt + every)) return;
    const hour = at - (at % HOUR_MS);
    const isFirstOfHour = hour !== last?.hour;
    // After a break, roll-ups have to catch up first.
    const looksBack = last?.hour === hour - HOUR_MS;
    const found = await visit(env, at, looksBack).catch((error: unknown) => ({
      problem: error instanceof Error ? error.message : String(error),
      tookMs: 0,
    }));
    await recordCanary(env.DB, { at, ...found });
    if (isFirstOfHour) await pruneCanary(env.DB, at - KEPT_MS);
    // The job did its part: `/health` and the page System tell of what it found.
    if (found.problem !== null) console.error(`the canary: ${found.problem}`);
  },
};
