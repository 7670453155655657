import { Hono } from "hono";
import * as z from "zod";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import { type AppContext, refuseForeignOrigin } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { emailSchema, newPasswordSchema, originOf, refusalError } from "./credentials.ts";
import { later } from "./later.ts";
import { mailLink } from "./mailed-link.ts";
import { operation } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";

const requestSchema = z.strictObject({ email: emailSchema });
const resetSchema = z.strictObject({ token: z.string().min(1).max(200), password: newPasswordSchema });

/** Mails a link, when the address is somebody's. */
async function sendReset(c: AppContext, email: string): Promise<void> {
  const reply = await signInFor(c.env, email).requestReset(email, originOf(c));
  if (!reply.ok || reply.token === null) return;
  await mailLink(c, {
    to: email,
    subject: "A new password for Edgewise",
    what: "a new password",
    says: "Set a new password within an hour:",
    page: "reset",
    token: reply.token,
  });
}

export const passwordReset = new Hono<{ Bindings: Env }>()
  /** Answers the same, and at once, whoever the address is. */
  .post(
    "/",
    operation({
      summary: "Ask for a link to set a new password",
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
      later(c, sendReset(c, email));
      return c.body(null, 202);
    },
  )
  .post(
    "/confirm",
    operation({
      summary: "Set a new password",
      needs: "nothing",
      body: resetSchema,
      replies: { 204: null },
      errors: ["forbidden", "unauthorized"],
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const { token, password } = await readValid(c.req.raw, resetSchema);
      const reply = await signInFor(c.env, token).resetPassword(token, password);
      if (reply.ok) {
        recordChange(c, { actor: { kind: "person", person: { id: reply.personId } } });
        return c.body(null, 204);
      }
      if (reply.reason === "wrong")
        throw invalidField("token", "the link was used or is over an hour old; ask for a new one");
      throw refusalError(reply, "");
    },
  );
