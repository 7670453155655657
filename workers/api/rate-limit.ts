// A shield against those who ask too often, by the platform's own counter: cheap, a place at a time and not exact. On one machine
// the Worker counts by itself: there that counter is an object of its own, and costs more than most answers.
import { createWindowLimit } from "../access/window-limit.ts";
import type { Actor } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { pseudonym } from "../ingest/identity.ts";
import { daySecret } from "../store/secrets.ts";
import type { AppContext } from "./access.ts";
import { actorName } from "./actor-name.ts";
import { edgeFacts } from "./edge-facts.ts";

/** Who is counted together; null for the deployment's own token, which has no limit. */
export function limitKey(actor: Actor, address: string): string | null {
  if (actor.kind === "operator") return null;
  if (actor.kind === "nobody") return address ? `address ${address}` : null;
  // A link may be read by many at once, each from their own address.
  return actor.kind === "share" ? `${actorName(actor)} ${address}` : actorName(actor);
}

const admitted = new WeakSet<Request>();

let ownCounter: Pick<RateLimit, "limit"> | undefined;

function counterOf({ API_LIMIT, EDGEWISE_API_LIMIT }: Env): Pick<RateLimit, "limit"> | undefined {
  if (API_LIMIT || !EDGEWISE_API_LIMIT) return API_LIMIT;
  ownCounter ??= createWindowLimit(EDGEWISE_API_LIMIT, Date.now);
  return ownCounter;
}

/** Throws 429 when the counter says so; counts a request once. Absent, the binding limits nothing. */
export async function admit(c: AppContext, actor: Actor): Promise<void> {
  const counter = counterOf(c.env);
  if (!counter || admitted.has(c.req.raw)) return;
  admitted.add(c.req.raw);
  const key = limitKey(actor, await unnamedAddress(c));
  if (key === null) return;
  const { success } = await counter.limit({ key });
  if (!success) throw new AppError("too_many_requests", "too many requests; wait a minute", { retryAfter: 60 });
}

/** Under the day's secret: what counts may write its keys down, and on one machine it does. */
async function unnamedAddress(c: AppContext): Promise<string> {
  const address = addressOf(c);
  if (address === "") return "";
  const date = new Date().toISOString().slice(0, 10);
  return pseudonym(await daySecret(c.env, date), `limit\n${address}`);
}

export const addressOf = (c: AppContext): string => edgeFacts(c.req.raw, c.env, Date.now()).ip;
