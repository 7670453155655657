// POST /api/event: the hot path. One event or a batch in, 202 when what was accepted is on disk.
import { LIMITS } from "../domain/beacon.ts";
import { dropName, LIMITED } from "../domain/drop-reason.ts";
import { AppError } from "../domain/errors.ts";
import { COLLECT } from "../domain/measures.ts";
import { type Site, siteIdSchema } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { type Facts, isRefusal, type Refusal } from "../ingest/draft.ts";
import { secretDates } from "../ingest/identity.ts";
import { isRecord } from "../ingest/payload.ts";
import { addFound, type FoundCounts } from "../ingest/pii/masking.ts";
import { ingest } from "../ingest/pipeline.ts";
import { checkerOf } from "../ingest/plan-checker.ts";
import { namesSite, readBody, siteOf } from "../ingest/protocols/index.ts";
import { heldSecrets, loadSecrets } from "../store/secrets.ts";
import { cachedSite, heldSite } from "../store/sites.ts";
import { observe } from "../store/system/gather.ts";
import { cachedPlan, heldPlan } from "../store/tracking-plans.ts";
import { heldWithdrawn, loadWithdrawn } from "../store/withdrawals.ts";
import { appendEvents, type Outgoing, reportDrops } from "./append.ts";
import { type EdgeFacts, edgeFacts } from "./edge-facts.ts";
import { appendOutcome, type Outcome, refusalOutcome, replyOf } from "./outcome.ts";
import { invalidFields, problemOf, problemResponse } from "./problem.ts";
import { readJson } from "./read-json.ts";
import { countRefused, isSiteClosed, takeRefused } from "./site-limits.ts";
import { outcomeOf } from "./status-class.ts";

const RETRY_SECONDS = 2;
/** Each costs look-ups and a call: one request must not set off hundreds. */
const SITES_A_REQUEST = 20;

/** The reply to almost every request, made once. */
const ONE_ACCEPTED = JSON.stringify(replyOf([{ status: "accepted" }], String));

/** Any page may send: the answer holds nothing secret. sendBeacon sends credentials, so the origin must be named. */
export function corsHeaders(request: Request): Record<string, string> {
  const origin = request.headers.get("origin");
  if (!origin) return { "access-control-allow-origin": "*" };
  return { "access-control-allow-origin": origin, "access-control-allow-credentials": "true", vary: "origin" };
}

export function preflight(request: Request): Response {
  const headers = {
    ...corsHeaders(request),
    "access-control-allow-methods": "POST, OPTIONS",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "86400",
  };
  return new Response(null, { status: 204, headers });
}

// What is at hand is taken without waiting: a beacon that need not wait costs no promises.

async function siteNamed(env: Env, id: string, now: number): Promise<Site | null> {
  const parsed = siteIdSchema.safeParse(id);
  return parsed.success ? cachedSite(env.DB, parsed.data, now) : null;
}

const NOBODY: ReadonlySet<string> = new Set();

function heldFacts(site: Site, edge: EdgeFacts): Facts | undefined {
  const secrets = heldSecrets(secretDates(edge.now, site.timeZone));
  const plan = heldPlan(site.id, edge.now);
  if (!secrets || plan === undefined) return undefined;
  return { ...edge, site, ...secrets, withdrawn: NOBODY, plan: plan && checkerOf(plan) };
}

async function siteFacts(env: Env, site: Site, edge: EdgeFacts): Promise<Facts> {
  const [secrets, plan] = await Promise.all([
    loadSecrets(env, secretDates(edge.now, site.timeZone)),
    cachedPlan(env.DB, site.id, edge.now),
  ]);
  return { ...edge, site, ...secrets, withdrawn: NOBODY, plan: plan && checkerOf(plan) };
}

/** Whether it says that its visitor may be identified: only then does it matter who took that back. */
const mayIdentify = (beacon: unknown): boolean =>
  isRecord(beacon) && isRecord(beacon.consent) && beacon.consent.analytics === true;

/** The field that was wrong: paths begin with one of the schema's, what comes after may be the sender's own. */
const fieldOf = ({ errors = [] }: Refusal): string | undefined => errors[0]?.path.split(".")[0];

interface SiteBatch {
  site: Site;
  facts: Facts;
  events: { index: number; outgoing: Outgoing }[];
  drops: Record<string, number>;
  /** Personal values that were replaced; undefined while there are none. */
  found?: FoundCounts;
}

async function sortBySite(
  env: Env,
  beacons: unknown[],
  edge: EdgeFacts,
): Promise<{ batches: SiteBatch[]; outcomes: Outcome[] }> {
  const batches = new Map<string, SiteBatch | null>();
  const outcomes: Outcome[] = [];
  for (const [index, beacon] of beacons.entries()) {
    if (!namesSite(beacon)) {
      const errors = [{ path: "site", message: "send an object that names its site, such as example.com" }];
      outcomes[index] = { status: "invalid", errors };
      continue;
    }
    const id = siteOf(beacon);
    let batch = batches.get(id);
    if (batch === undefined && batches.size >= SITES_A_REQUEST) {
      const message = `a request may name at most ${SITES_A_REQUEST} sites; send the rest by itself`;
      outcomes[index] = { status: "invalid", errors: [{ path: "site", message }] };
      continue;
    }
    if (batch === undefined) {
      const held = heldSite(id, edge.now);
      const site = held === undefined ? await siteNamed(env, id, edge.now) : held;
      if (site && site.eventsPerSecond !== null && isSiteClosed(site.id, edge.now)) {
        countRefused(site.id, 1);
        outcomes[index] = appendOutcome("limited");
        continue;
      }
      batch = site && {
        site,
        facts: heldFacts(site, edge) ?? (await siteFacts(env, site, edge)),
        events: [],
        drops: {},
      };
      batches.set(id, batch);
    }
    if (!batch) {
      outcomes[index] = {
        status: "invalid",
        errors: [{ path: "site", message: "no such site; check data-site in the snippet" }],
      };
      continue;
    }
    if (batch.facts.withdrawn === NOBODY && mayIdentify(beacon)) {
      const { id: of } = batch.site;
      batch.facts.withdrawn = heldWithdrawn(of, edge.now) ?? (await loadWithdrawn(env.DB, of, edge.now));
    }
    const result = ingest(beacon, batch.facts);
    if (isRefusal(result)) {
      outcomes[index] = refusalOutcome(result);
      const name = dropName(result.reason, result.detail ?? fieldOf(result));
      batch.drops[name] = (batch.drops[name] ?? 0) + 1;
      continue;
    }
    const retry = (beacon as { retry?: unknown }).retry === true; // validated by ingest
    if (result.found) batch.found = addFound(batch.found, result.found);
    batch.events.push({ index, outgoing: retry ? { ...result, retry } : result });
  }
  return { batches: [...batches.values()].filter((batch) => batch !== null), outcomes };
}

async function storeBatch(env: Env, batch: SiteBatch, outcomes: Outcome[]): Promise<void> {
  const { site, events, drops, found } = batch;
  // A flood that is refused here costs no call: what is left of it goes with the next.
  const refused = events.length > 0 ? takeRefused(site.id) : 0;
  if (refused > 0) drops[LIMITED] = refused;
  const dropped = Object.keys(drops).length > 0;
  if (events.length === 0) return dropped ? reportDrops(env, site, drops) : undefined;
  const counts = { ...(dropped && { drops }), ...(found && { found }) };
  const request = { events: events.map((one) => one.outgoing), ...counts };
  const statuses = await appendEvents(env, site, request);
  for (const [i, { index, outgoing }] of events.entries()) {
    outcomes[index] = appendOutcome(statuses[i], outgoing.violations);
  }
}

const OVER_LIMIT = "the site is over its limit of events a second; send the event again later";
const overLimit = () => new AppError("too_many_requests", OVER_LIMIT, { retryAfter: RETRY_SECONDS });

const LIMITED_ONCE = overLimit();

/** As `overLimit` is answered, for next to nothing. */
function limitedResponse(cors: Record<string, string>): Response {
  const { problem } = problemOf(LIMITED_ONCE);
  const headers = { ...cors, "content-type": "application/problem+json", "retry-after": String(RETRY_SECONDS) };
  return new Response(JSON.stringify(problem), { status: 429, headers });
}

function refuseSingle(outcome: Outcome | undefined): void {
  if (outcome?.status === "retry" && "reason" in outcome) throw overLimit();
  if (outcome?.status === "retry") {
    throw new AppError("unavailable", "the event was not stored; send it again", { retryAfter: RETRY_SECONDS });
  }
  if (outcome?.status !== "invalid") return;
  const unknownSite = outcome.errors.find((error) => error.path === "site" && error.message.startsWith("no such site"));
  if (unknownSite) throw new AppError("not_found", unknownSite.message, { errors: outcome.errors });
  throw invalidFields(outcome.errors);
}

const hasMany = (body: unknown): boolean =>
  Array.isArray(body) || (typeof body === "object" && body !== null && "events" in body);

/** A single event of a site that is over its limit: refused before anything is spent on it, since a flood is made of them. */
function isOverLimit(body: unknown): boolean {
  const id = siteOf(body);
  if (id === "" || hasMany(body) || !isSiteClosed(id, Date.now())) return false;
  countRefused(id, 1);
  return true;
}

/** The period of the shield in wrangler.toml. */
const SHIELD_SECONDS = 10;

/** Refuses an address that floods a site before it costs the site anything. Without an address nobody can be told apart. */
async function shield(env: Env, body: unknown, { ip }: EdgeFacts): Promise<void> {
  if (!env.COLLECT_SHIELD || ip === "") return;
  // Out of order, it lets everything pass.
  const counted = await env.COLLECT_SHIELD.limit({ key: `${siteOf(body).slice(0, 100)} ${ip}` }).catch(() => null);
  if (counted?.success ?? true) return;
  const message = `too many requests from one address; send the event again in ${SHIELD_SECONDS} s, or many in one request`;
  throw new AppError("too_many_requests", message, { retryAfter: SHIELD_SECONDS });
}

/** Sooner than a tracker gives up, so that the sender is told to come back and not left to guess. */
const DEADLINE_MS = 8_000;

/** Answers in time or not at all: what was begun may still be stored, and a repeat is known by its id. */
export async function collect(request: Request, env: Env, deadlineMs = DEADLINE_MS): Promise<Response> {
  const cors = corsHeaders(request);
  const began = Date.now();
  const answer = async (): Promise<Response> => {
    const body = await readJson(request, LIMITS.bodyBytes);
    if (isOverLimit(body)) return limitedResponse(cors);
    return inTime(deadlineMs, takeEvents(request, env, { body, cors }));
  };
  const response = await answer().catch((error: unknown) => problemResponse(error, cors));
  observe(COLLECT, Date.now() - began, outcomeOf(response.status));
  return response;
}

const LATE = "the event was not stored in time; send it again under the same id";

async function inTime(deadlineMs: number, reply: Promise<Response>): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    // The error is made when it is needed: it takes a trace of the stack, which every beacon would pay for.
    timer = setTimeout(() => reject(new AppError("unavailable", LATE, { retryAfter: RETRY_SECONDS })), deadlineMs);
  });
  try {
    return await Promise.race([reply, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Read {
  body: unknown;
  cors: Record<string, string>;
}

async function takeEvents(request: Request, env: Env, { body, cors }: Read): Promise<Response> {
  const edge = edgeFacts(request, env, Date.now());
  if (env.COLLECT_SHIELD) await shield(env, body, edge);
  const read = readBody("/api/event", body);
  if (isRefusal(read)) throw invalidFields(read.errors ?? []);
  const { batches, outcomes } = await sortBySite(env, read.beacons, edge);
  const [first, ...more] = batches;
  if (first && more.length === 0) await storeBatch(env, first, outcomes);
  else await Promise.all(batches.map((batch) => storeBatch(env, batch, outcomes)));
  const isBatch = hasMany(body);
  const headers = { ...cors, "content-type": "application/json" };
  if (outcomes.length === 1 && outcomes[0]?.status === "accepted" && !outcomes[0].warnings) {
    return new Response(ONE_ACCEPTED, { status: 202, headers });
  }
  if (!isBatch && outcomes.length === 1) refuseSingle(outcomes[0]);
  const reply = replyOf(outcomes, (index) => (isBatch ? `events.${index}.` : ""));
  if (reply.retry > 0) Object.assign(headers, { "retry-after": String(RETRY_SECONDS) });
  return new Response(JSON.stringify(reply), { status: 202, headers });
}
