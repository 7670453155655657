// Signing in by a link that is mailed: it works once, for a quarter of an hour.
import { Hono } from "hono";
import * as z from "zod";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import { type AppContext, givePersonSession, refuseForeignOrigin } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { emailSchema, originOf, refusalError } from "./credentials.ts";
import { later } from "./later.ts";
import { mailLink } from "./mailed-link.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";

const requestSchema = z.strictObject({ email: emailSchema });
const confirmSchema = z.strictObject({ token: z.string().min(1).max(200) });

async function sendLink(c: AppContext, email: string): Promise<void> {
  const reply = await signInFor(c.env, email).requestLink(email, originOf(c));
  if (!reply.ok || reply.token === null) return;
  await mailLink(c, {
    to: email,
    subject: "Sign in to Edgewise",
    what: "a sign-in link",
    says: "This link signs you in once, within a quarter of an hour:",
    page: "sign-in",
    token: reply.token,
  });
}

export const linkSession = new Hono<{ Bindings: Env }>()
  /** Answers the same, and at once, whoever the address is. */
  .post(
    "/",
    operation({
      summary: "Ask for a link to sign in",
      needs: "nothing",
      body: requestSchema,
      replies: { 202: null },
      errors: ["forbidden"],
      audit: { why: "answers the same whoever the address is of; what the link does is told" },
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const { email } = await readValid(c.req.raw, requestSchema);
      later(c, sendLink(c, email));
      return c.body(null, 202);
    },
  )
  .post(
    "/confirm",
    operation({
      summary: "Sign in by a link",
      needs: "nothing",
      body: confirmSchema,
      replies: { 204: null },
      errors: ["unauthorized", "forbidden"],
      audit: "tries",
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const { token } = await readValid(c.req.raw, confirmSchema);
      const reply = await signInFor(c.env, token).signInByLink(token, originOf(c));
      if (!reply.ok)
        throw refusalError(reply, "the link was used or is over a quarter of an hour old; ask for a new one");
      recordChange(c, { actor: { kind: "person", person: { id: reply.personId } } });
      await givePersonSession(c, reply.token);
      return c.body(null, 204);
    },
  );
