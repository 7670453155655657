// What the doors for people share: the schemas of what is typed, and how a refused try is answered.
import * as z from "zod";
import type { Origin, Refusal, RelyingParty } from "../../durable-objects/sign-in/protocol.ts";
import { AppError } from "../domain/errors.ts";
import type { AppContext } from "./access.ts";
import { shownOrigin } from "./edge-facts.ts";
import { addressOf } from "./rate-limit.ts";

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email("use an address such as ada@example.com"));

/** Length alone: rules on kinds of characters make passwords worse (NIST SP 800-63B). */
export const newPasswordSchema = z
  .string()
  .min(10, "use 10 characters or more; a few words do well")
  .max(200, "use 200 characters or fewer");

/** As typed at sign-in, whatever rule it was made under. */
export const passwordSchema = z.string().min(1).max(200);
export const nameSchema = z.string().trim().min(1).max(120);

export const originOf = (c: AppContext): Origin => ({
  address: addressOf(c),
  userAgent: c.req.header("user-agent") ?? "",
});

export function refusalError(refusal: Refusal, wrong: string): AppError {
  if (refusal.reason !== "throttled") return new AppError("unauthorized", wrong);
  const retryAfter = Math.ceil(refusal.waitMs / 1000);
  return new AppError("too_many_requests", `too many tries; wait ${retryAfter} s`, { retryAfter });
}

/** Where people open this deployment: links in mail lead there. */
export const pageOrigin = (c: AppContext): string => shownOrigin(c.req.raw, c.env);

/** Where passkeys of this deployment work. */
export function relyingParty(c: AppContext): RelyingParty {
  const origin = pageOrigin(c);
  return { origin, host: new URL(origin).hostname };
}
