// The first start: whoever holds the deployment's token makes its first owner. Nobody without it can, and nobody twice.
import { Hono } from "hono";
import * as z from "zod";
import { MAIN_TEAM } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import { claimFirstOwner, hasMembers } from "../store/teams.ts";
import { checkOperatorToken, isOperator, refuseForeignOrigin } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { emailSchema, nameSchema, newPasswordSchema } from "./credentials.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";
import { signInPerson } from "./session.ts";

const claimSchema = z.strictObject({
  /** May be left out by who is signed in with it. */
  token: z.string().min(1).max(200).optional(),
  name: nameSchema,
  email: emailSchema,
  password: newPasswordSchema,
});

export const claim = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "See whether the deployment has an owner",
      needs: "nothing",
      replies: { 200: z.strictObject({ claimed: z.boolean() }) },
    }),
    async (c) => c.json({ claimed: await hasMembers(c.env.DB) }),
  )
  .post(
    "/",
    operation({
      summary: "Make the first owner",
      needs: "nothing",
      body: claimSchema,
      replies: { 204: null },
      errors: ["unauthorized", "forbidden", "conflict"],
      audit: "tries",
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const { token, ...person } = await readValid(c.req.raw, claimSchema);
      if (token !== undefined || !(await isOperator(c))) await checkOperatorToken(c, token ?? "");
      const claimed = new AppError("conflict", "this deployment has an owner; ask them for an invitation");
      if (await hasMembers(c.env.DB)) throw claimed;
      const signIn = signInFor(c.env, person.email);
      const reply = await signIn.register(person);
      // A person made by a claim that broke off may go on with the password they chose.
      const personId = reply.ok ? reply.personId : await signInPerson(c, person);
      if (!(await claimFirstOwner(c.env.DB, { id: personId }, Date.now()))) throw claimed;
      if (reply.ok) await signInPerson(c, person);
      const actor = { kind: "person", person: { id: personId } } as const;
      recordChange(c, { actor, teamId: MAIN_TEAM, after: { role: "owner" } });
      return c.body(null, 204);
    },
  );
