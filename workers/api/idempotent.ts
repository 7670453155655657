// `Idempotency-Key` on every request that makes something: sent again with the same body it is answered as before, and
// nothing is made twice. A key counts for a day, for who sent it and where.
import { createMiddleware } from "hono/factory";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { claimKey, type Keyed, keepReply, releaseKey } from "../store/replies.ts";
import { seal, unseal } from "../store/sealed.ts";
import { hashToken } from "../store/tokens.ts";
import { type AppContext, knownAskers } from "./access.ts";
import { actorName } from "./actor-name.ts";
import { makesSomething, operationAsked } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { readText } from "./read-json.ts";

export const IDEMPOTENCY_KEY = "Idempotency-Key";
const BODY_BYTES = 256 * 1024;
const MOST_CHARS = 255;

function keySent(c: AppContext): string | null {
  const key = c.req.header(IDEMPOTENCY_KEY);
  const operation = operationAsked(c);
  if (key === undefined || !operation || !makesSomething(operation)) return null;
  if (key.length > 0 && key.length <= MOST_CHARS) return key;
  throw invalidField(IDEMPOTENCY_KEY, `send 1 to ${MOST_CHARS} characters, such as a random UUID`);
}

/** The reply of before; null where the request is to be carried out. */
async function replyBefore(c: AppContext, keyed: Keyed, secret: string): Promise<string | null> {
  const body = await hashToken(await readText(c.req.raw.clone(), BODY_BYTES));
  const claim = await claimKey(c.env.DB, keyed, { body, now: Date.now() });
  if (claim === "claimed") return null;
  if (claim === "other body") {
    throw new AppError("key_reused", `${IDEMPOTENCY_KEY} came with another body before; use another key`);
  }
  if (claim === "running") {
    throw new AppError("conflict", "the first request with this key still runs; ask again in a moment", {
      retryAfter: 1,
    });
  }
  return unseal(claim.reply, secret);
}

export const idempotent = createMiddleware<{ Bindings: Env }>(async (c, next) => {
  const key = keySent(c);
  if (key === null) return next();
  const [actor] = await knownAskers(c);
  const keyed = { actor: actorName(actor!), path: c.req.path, key: await hashToken(key) };
  const secret = `reply ${c.env.ADMIN_TOKEN} ${keyed.actor} ${keyed.path} ${key}`;
  const before = await replyBefore(c, keyed, secret);
  if (before !== null) {
    return c.body(before, 201, { "content-type": "application/json", "idempotency-replayed": "true" });
  }
  await next();
  if (c.res.status !== 201) return releaseKey(c.env.DB, keyed);
  await keepReply(c.env.DB, keyed, await seal(await c.res.clone().text(), secret));
});
