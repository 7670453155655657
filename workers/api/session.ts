import { Hono } from "hono";
import * as z from "zod";
import { actionsOf } from "../access/may.ts";
import { ACTIONS, type Actor, ROLES } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { signInFor } from "../store/objects.ts";
import { endSession, findPersonByEmail } from "../store/people.ts";
import { listTeams } from "../store/teams.ts";
import {
  type AppContext,
  askers,
  checkOperatorToken,
  giveOperatorSession,
  givePersonSession,
  knownAskers,
  refuseForeignOrigin,
  sessionToken,
} from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { dropCookie } from "./cookies.ts";
import { emailSchema, originOf, passwordSchema, refusalError } from "./credentials.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";

const SHAPE = "send a token, or an email and a password";
const credentialsSchema = z.union(
  [
    z.strictObject({ token: z.string().min(1).max(200) }),
    z.strictObject({ email: emailSchema, password: passwordSchema }),
  ],
  SHAPE,
);

const sessionSchema = z
  .strictObject({
    signedIn: z.literal(true),
    /** The highest over all teams. */
    role: z.enum([...ROLES, "share"]).nullable(),
    /** Of a share link: the one board that it shows, null where it shows the site. */
    boardId: z.string().nullable().optional(),
    person: z.strictObject({ id: z.string(), name: z.string(), email: z.string() }).optional(),
    teams: z.array(
      z.strictObject({ id: z.string(), name: z.string(), role: z.enum(ROLES), may: z.array(z.enum(ACTIONS)) }),
    ),
    collectOrigin: z.string().optional(),
  })
  .meta({ id: "Session" });

async function describe(c: AppContext, actor: Actor) {
  const teams = await listTeams(c.env.DB);
  if (actor.kind === "operator") {
    return {
      signedIn: true,
      role: "owner",
      teams: teams.map(({ id, name }) => ({ id, name, role: "owner", may: ACTIONS })),
    };
  }
  // Whoever reads by a share link has no team; the list of sites shows them the one.
  if (actor.kind === "share") return { signedIn: true, role: "share", boardId: actor.boardId, teams: [] };
  if (actor.kind !== "person") throw new AppError("forbidden", "this needs a person; a key has no session");
  const mine = actor.memberships.map((membership) => {
    const name = teams.find(({ id }) => id === membership.teamId)?.name ?? membership.teamId;
    return { id: membership.teamId, name, role: membership.role, may: actionsOf(membership) };
  });
  const role = ROLES.find((one) => mine.some((team) => team.role === one)) ?? null;
  return { signedIn: true, role, person: actor.person, teams: mine };
}

export async function signInPerson(c: AppContext, credentials: { email: string; password: string }): Promise<string> {
  const reply = await signInFor(c.env, credentials.email).signIn(credentials, originOf(c));
  if (!reply.ok) {
    // Asked for a wrong address too, so that both take as long.
    const known = reply.reason === "wrong" ? await findPersonByEmail(c.env.DB, credentials.email) : null;
    recordChange(c, { ...(known && { about: known.person.id }), refused: reply.reason === "wrong" });
    throw refusalError(reply, "the address or the password is not right");
  }
  recordChange(c, { actor: { kind: "person", person: { id: reply.personId } } });
  await givePersonSession(c, reply.token);
  return reply.personId;
}

export const session = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({ summary: "See who is signed in", needs: "person", replies: { 200: sessionSchema } }),
    async (c) => {
      const [actor] = await knownAskers(c);
      const collectOrigin = c.env.EDGEWISE_COLLECT_ORIGIN;
      return c.json({ ...(await describe(c, actor ?? { kind: "nobody" })), ...(collectOrigin && { collectOrigin }) });
    },
  )
  .post(
    "/",
    operation({
      summary: "Sign in",
      needs: "nothing",
      body: credentialsSchema,
      replies: { 204: null },
      errors: ["unauthorized", "forbidden"],
      audit: "tries",
    }),
    async (c) => {
      refuseForeignOrigin(c);
      await admit(c, { kind: "nobody" });
      const credentials = await readValid(c.req.raw, credentialsSchema);
      if ("token" in credentials) {
        await checkOperatorToken(c, credentials.token);
        await giveOperatorSession(c);
        recordChange(c, { actor: { kind: "operator" } });
      } else await signInPerson(c, credentials);
      return c.body(null, 204);
    },
  )
  .delete(
    "/",
    operation({ summary: "Sign out", needs: "nothing", replies: { 204: null }, errors: ["forbidden"] }),
    async (c) => {
      refuseForeignOrigin(c);
      const [actor] = await askers(c);
      if (actor && actor.kind !== "share") recordChange(c, { actor });
      const token = await sessionToken(c);
      if (token) await endSession(c.env.DB, token);
      dropCookie(c, "edgewise_session");
      dropCookie(c, "edgewise_share");
      return c.body(null, 204);
    },
  );
