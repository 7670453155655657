// What somebody with an invitation may do: look at it and accept it.
import { Hono } from "hono";
import * as z from "zod";
import { type Person, ROLES } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { findInvitation, type Invitation, takeInvitation } from "../store/invitations.ts";
import { signInFor } from "../store/objects.ts";
import { findPersonByEmail } from "../store/people.ts";
import { addMember, findTeam } from "../store/teams.ts";
import { type AppContext, askers, refuseForeignOrigin } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { nameSchema, newPasswordSchema, passwordSchema } from "./credentials.ts";
import { operation } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";
import { signInPerson } from "./session.ts";

/** Neither for who is signed in; the password alone for who has one; both for who is new. */
const acceptSchema = z.strictObject({ name: nameSchema.optional(), password: passwordSchema.optional() });

const shownSchema = z.strictObject({
  email: z.string(),
  role: z.enum(ROLES),
  team: z.string(),
  expiresAt: z.int(),
  isKnown: z.boolean(),
  signedIn: z.boolean(),
});

async function invitationOf(c: AppContext): Promise<Invitation> {
  await admit(c, { kind: "nobody" });
  const invitation = await findInvitation(c.env.DB, c.req.param("token") ?? "", Date.now());
  if (invitation) return invitation;
  throw new AppError("not_found", "the invitation was used, withdrawn or has expired; ask for a new one");
}

async function signedInAs(c: AppContext, email: string): Promise<Person | null> {
  const people = (await askers(c)).flatMap((actor) => (actor.kind === "person" ? actor.person : []));
  return people.find((person) => person.email === email) ?? null;
}

async function newPerson(c: AppContext, email: string, typed: z.infer<typeof acceptSchema>): Promise<string> {
  const password = newPasswordSchema.safeParse(typed.password ?? "");
  if (!password.success) throw invalidField("password", password.error.issues[0]?.message ?? "choose a password");
  if (typed.name === undefined) throw invalidField("name", "say what you are called");
  const person = { email, name: typed.name, password: password.data };
  const reply = await signInFor(c.env, email).register(person);
  if (!reply.ok) throw new AppError("conflict", "somebody has just joined with this address; try again");
  return signInPerson(c, person);
}

export const invitations = new Hono<{ Bindings: Env }>()
  .get(
    "/:token",
    operation({ summary: "Look at an invitation", needs: "nothing", replies: { 200: shownSchema } }),
    async (c) => {
      const { email, role, teamId, expiresAt } = await invitationOf(c);
      const team = await findTeam(c.env.DB, teamId);
      const isKnown = (await findPersonByEmail(c.env.DB, email)) !== null;
      const signedIn = (await signedInAs(c, email)) !== null;
      return c.json({ email, role, team: team?.name ?? teamId, expiresAt, isKnown, signedIn });
    },
  )
  .post(
    "/:token",
    operation({
      summary: "Accept an invitation",
      needs: "nothing",
      body: acceptSchema,
      replies: { 204: null },
      errors: ["unauthorized", "forbidden", "conflict"],
    }),
    async (c) => {
      refuseForeignOrigin(c);
      const invitation = await invitationOf(c);
      const { email, id, teamId, role, scopes } = invitation;
      const typed = await readValid(c.req.raw, acceptSchema);
      const known = await findPersonByEmail(c.env.DB, email);
      const signedIn = await signedInAs(c, email);
      const personId =
        signedIn?.id ??
        (known ? await signInPerson(c, { email, password: typed.password ?? "" }) : await newPerson(c, email, typed));
      if (!(await takeInvitation(c.env.DB, teamId, id))) throw new AppError("conflict", "the invitation was just used");
      await addMember(c.env.DB, personId, { teamId, role, scopes }, Date.now());
      recordChange(c, { actor: { kind: "person", person: { id: personId } }, teamId, after: { role, scopes } });
      return c.body(null, 204);
    },
  );
