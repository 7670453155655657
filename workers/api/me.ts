// What people do with their own account: name, password, sessions, and its end.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import {
  endOtherSessions,
  endSessionOf,
  hasPassword,
  listSessions,
  removePerson,
  renamePerson,
} from "../store/people.ts";
import { personOf, sessionToken } from "./access.ts";
import { personName } from "./actor-name.ts";
import { recordChange } from "./audit-trail.ts";
import { dropCookie } from "./cookies.ts";
import { emailSchema, nameSchema, newPasswordSchema, originOf, passwordSchema, refusalError } from "./credentials.ts";
import { operation } from "./operation.ts";
import { ownPasskeys } from "./passkeys.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";

const profileSchema = z.strictObject({ name: nameSchema });
const passwordChangeSchema = z.strictObject({ password: passwordSchema, newPassword: newPasswordSchema });
/** Typed again, so that nobody does it by mistake. */
const farewellSchema = z.strictObject({ email: emailSchema });

const meReply = z
  .strictObject({ id: z.string(), name: z.string(), email: z.string(), hasPassword: z.boolean() })
  .meta({ id: "Me" });
const sessionReply = z.strictObject({
  id: z.string(),
  userAgent: z.string(),
  createdAt: z.int(),
  expiresAt: z.int(),
  /** Whether it is the one that asks. */
  current: z.boolean(),
});

export const me = new Hono<{ Bindings: Env }>()
  .route("/passkeys", ownPasskeys)
  .get("/", operation({ summary: "See your account", needs: "self", replies: { 200: meReply } }), async (c) => {
    const person = await personOf(c);
    return c.json({ ...person, hasPassword: await hasPassword(c.env.DB, person.id) });
  })
  .patch(
    "/",
    operation({ summary: "Change your name", needs: "self", body: profileSchema, replies: { 200: meReply } }),
    async (c) => {
      const person = await personOf(c);
      const { name } = await readValid(c.req.raw, profileSchema);
      await renamePerson(c.env.DB, person.id, name);
      return c.json({ ...person, name, hasPassword: await hasPassword(c.env.DB, person.id) });
    },
  )
  .delete(
    "/",
    operation({
      summary: "Delete your account",
      needs: "self",
      body: farewellSchema,
      replies: { 204: null },
      errors: ["conflict"],
    }),
    async (c) => {
      const person = await personOf(c);
      const { email } = await readValid(c.req.raw, farewellSchema);
      if (email !== person.email) throw invalidField("email", "this is not the address of your account");
      if (!(await removePerson(c.env.DB, person.id, personName(person.id)))) {
        throw new AppError("conflict", "a team would have no owner; make another member one first");
      }
      dropCookie(c, "edgewise_session");
      return c.body(null, 204);
    },
  )
  .post(
    "/password",
    operation({
      summary: "Change your password",
      needs: "self",
      about: "Ends all your other sessions. Without a password so far, ask for a link that sets one.",
      body: passwordChangeSchema,
      replies: { 204: null },
    }),
    async (c) => {
      const { id: personId, email } = await personOf(c);
      const change = await readValid(c.req.raw, passwordChangeSchema);
      const reply = await signInFor(c.env, email).changePassword({ personId, email, ...change }, originOf(c));
      if (!reply.ok) {
        recordChange(c, { refused: reply.reason === "wrong" });
        if (reply.reason === "wrong") throw invalidField("password", "this is not your password");
        throw refusalError(reply, "");
      }
      await endOtherSessions(c.env.DB, personId, await sessionToken(c));
      return c.body(null, 204);
    },
  )
  .get(
    "/sessions",
    operation({
      summary: "List your sessions",
      needs: "self",
      replies: { 200: z.strictObject({ sessions: z.array(sessionReply) }) },
    }),
    async (c) => {
      const { id } = await personOf(c);
      const [all, token] = await Promise.all([listSessions(c.env.DB, id, Date.now()), sessionToken(c)]);
      const sessions = all.map((one) => ({
        id: one.id,
        userAgent: one.userAgent ?? "",
        createdAt: one.createdAt.getTime(),
        expiresAt: one.expiresAt.getTime(),
        current: one.token === token,
      }));
      return c.json({ sessions });
    },
  )
  .delete(
    "/sessions",
    operation({ summary: "End all your other sessions", needs: "self", replies: { 204: null } }),
    async (c) => {
      const { id } = await personOf(c);
      await endOtherSessions(c.env.DB, id, await sessionToken(c));
      return c.body(null, 204);
    },
  )
  .delete(
    "/sessions/:session",
    operation({ summary: "End one of your sessions", needs: "self", replies: { 204: null } }),
    async (c) => {
      const { id } = await personOf(c);
      if (await endSessionOf(c.env.DB, id, c.req.param("session"))) return c.body(null, 204);
      throw new AppError("not_found", "you have no such session");
    },
  );
