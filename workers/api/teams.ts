import { Hono } from "hono";
import * as z from "zod";
import { actionsOf, anyMay, beyond } from "../access/may.ts";
import { sendMail } from "../delivery/mail.ts";
import { ACTIONS, MAIN_TEAM, type Membership, ROLES } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { createInvitation, type Invitation, listInvitations, takeInvitation } from "../store/invitations.ts";
import { signInFor } from "../store/objects.ts";
import { findPersonByEmail } from "../store/people.ts";
import {
  addMember,
  changeMember,
  createTeam,
  findMember,
  listMembers,
  listTeams,
  type Member,
  removeMember,
  removeTeam,
  renameTeam,
} from "../store/teams.ts";
import { type AppContext, knownAskers, teamOf } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { emailSchema, nameSchema, originOf, pageOrigin, refusalError } from "./credentials.ts";
import { linkTo } from "./mailed-link.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { readValid } from "./read-json.ts";
import { invitationReply, memberReply, teamReply } from "./team-replies.ts";

const teamSchema = z.strictObject({ name: nameSchema });
const roleFields = { role: z.enum(ROLES), scopes: z.array(z.enum(ACTIONS)).max(ACTIONS.length).default([]) };
const fitsRole = ({ role, scopes }: Pick<Membership, "role" | "scopes">) => (role === "custom") === scopes.length > 0;
const misfit = { path: ["scopes"], message: "name scopes for the role custom, and for no other" };
const roleSchema = z.strictObject(roleFields).refine(fitsRole, misfit);
const invitationSchema = z.strictObject({ email: emailSchema, ...roleFields }).refine(fitsRole, misfit);

/** Nobody makes another more than they are themselves, nor changes one who is more. */
async function refuseBeyond(c: AppContext, membership: Membership): Promise<void> {
  const lacking = beyond(await knownAskers(c), actionsOf(membership), { teamId: membership.teamId });
  if (lacking.length === 0) return;
  throw new AppError("forbidden", `you cannot decide over ${lacking.join(", ")}, which you may not do yourself`);
}

async function memberOf(c: AppContext): Promise<{ member: Member; teamId: string }> {
  const team = await teamOf(c, "members");
  const member = await findMember(c.env.DB, team.id, c.req.param("person") ?? "");
  if (!member) throw new AppError("not_found", `the team has no member ${c.req.param("person")}`);
  await refuseBeyond(c, { ...member, teamId: team.id });
  return { member, teamId: team.id };
}

/** Whoever holds a person's reset link is that person, in all their teams: so it takes who may decide over each of them. */
async function refuseBeyondAll(c: AppContext, email: string): Promise<void> {
  const actor = await findPersonByEmail(c.env.DB, email);
  const actors = await knownAskers(c);
  const isBeyond = actor?.memberships.some((one) => beyond(actors, actionsOf(one), { teamId: one.teamId }).length > 0);
  if (!isBeyond) return;
  throw new AppError(
    "forbidden",
    "the member is in a team that you do not decide over; they can ask for a link by mail",
  );
}

const LAST_OWNER = "the team would have no owner; make another member one first";

const roleOf = ({ role, scopes }: Pick<Membership, "role" | "scopes">) => ({ role, scopes });

function shown({ id, email, role, scopes, createdAt, expiresAt }: Invitation) {
  return { id, email, role, scopes, createdAt, expiresAt };
}

export const teams = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "List teams",
      needs: "anybody",
      query: pageSchema,
      replies: { 200: z.strictObject({ teams: z.array(teamReply), ...nextSchema }) },
    }),
    async (c) => {
      const actors = await knownAskers(c);
      const all = await listTeams(c.env.DB);
      const seen = all.filter(({ id }) => anyMay(actors, "members", { teamId: id }) !== "unseen");
      const { entries, next } = await pageOfAll(c, seen, BY_AGE);
      return c.json({ teams: entries, next });
    },
  )
  .post(
    "/",
    operation({ summary: "Make a team", needs: "team", body: teamSchema, replies: { 201: teamReply } }),
    async (c) => {
      const actors = await knownAskers(c);
      // Who owns the main team may make others; the maker owns what they make.
      if (anyMay(actors, "team", { teamId: MAIN_TEAM }) !== "yes") {
        throw new AppError("forbidden", "this needs an owner of the main team");
      }
      const { name } = await readValid(c.req.raw, teamSchema);
      const team = await createTeam(c.env.DB, name, Date.now());
      for (const actor of actors) {
        if (actor.kind !== "person") continue;
        await addMember(c.env.DB, actor.person.id, { teamId: team.id, role: "owner", scopes: [] }, Date.now());
      }
      recordChange(c, { made: team.id, teamId: team.id, after: { name } });
      return c.json(team, 201);
    },
  )
  .patch(
    "/:team",
    operation({ summary: "Rename a team", needs: "team", body: teamSchema, replies: { 200: teamReply } }),
    async (c) => {
      const team = await teamOf(c, "team");
      const { name } = await readValid(c.req.raw, teamSchema);
      recordChange(c, { before: { name: team.name }, after: { name } });
      return c.json(await renameTeam(c.env.DB, team, name));
    },
  )
  .delete(
    "/:team",
    operation({ summary: "Remove a team without sites", needs: "team", replies: { 204: null }, errors: ["conflict"] }),
    async (c) => {
      const team = await teamOf(c, "team");
      if (team.id === MAIN_TEAM) throw new AppError("conflict", "the main team stays; rename it if you like");
      if (!(await removeTeam(c.env.DB, team.id)))
        throw new AppError("conflict", "the team has sites; remove them first");
      recordChange(c, { before: { name: team.name } });
      return c.body(null, 204);
    },
  )
  .get(
    "/:team/members",
    operation({
      summary: "List members",
      needs: "members",
      query: pageSchema,
      replies: { 200: z.strictObject({ members: z.array(memberReply), ...nextSchema }) },
    }),
    async (c) => {
      const team = await teamOf(c, "members");
      const { entries, next } = await pageOfAll(c, await listMembers(c.env.DB, team.id), BY_AGE);
      return c.json({ members: entries, next });
    },
  )
  .patch(
    "/:team/members/:person",
    operation({
      summary: "Change a member's role",
      needs: "members",
      body: roleSchema,
      replies: { 200: memberReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const { member, teamId } = await memberOf(c);
      const wanted = await readValid(c.req.raw, roleSchema);
      await refuseBeyond(c, { ...wanted, teamId });
      if (!(await changeMember(c.env.DB, member.id, { ...wanted, teamId }))) throw new AppError("conflict", LAST_OWNER);
      recordChange(c, { before: roleOf(member), after: wanted });
      return c.json({ ...member, ...wanted });
    },
  )
  .delete(
    "/:team/members/:person",
    operation({ summary: "Remove a member", needs: "members", replies: { 204: null }, errors: ["conflict"] }),
    async (c) => {
      const { member, teamId } = await memberOf(c);
      if (!(await removeMember(c.env.DB, teamId, member.id))) throw new AppError("conflict", LAST_OWNER);
      recordChange(c, { before: roleOf(member) });
      return c.body(null, 204);
    },
  )
  /** A link by which the member sets a new password, for those whom no mail reaches. */
  .post(
    "/:team/members/:person/reset-link",
    operation({
      summary: "Make a link by which a member sets a new password",
      needs: "members",
      replies: { 201: z.strictObject({ link: z.string() }) },
    }),
    async (c) => {
      const { member } = await memberOf(c);
      await refuseBeyondAll(c, member.email);
      const reply = await signInFor(c.env, member.email).requestReset(member.email, { ...originOf(c), address: "" });
      if (!reply.ok) throw refusalError(reply, "");
      if (reply.token === null) throw new AppError("not_found", "the member is gone");
      return c.json({ link: linkTo(c, "reset", reply.token) }, 201);
    },
  )
  .get(
    "/:team/invitations",
    operation({
      summary: "List open invitations",
      needs: "members",
      query: pageSchema,
      replies: { 200: z.strictObject({ invitations: z.array(invitationReply), ...nextSchema }) },
    }),
    async (c) => {
      const team = await teamOf(c, "members");
      const all = await listInvitations(c.env.DB, team.id, Date.now());
      const { entries, next } = await pageOfAll(c, all, BY_AGE);
      return c.json({ invitations: entries.map(shown), next });
    },
  )
  .post(
    "/:team/invitations",
    operation({
      summary: "Invite somebody",
      needs: "members",
      body: invitationSchema,
      replies: { 201: invitationReply.extend({ link: z.string(), mailed: z.boolean() }) },
      errors: ["conflict"],
    }),
    async (c) => {
      const team = await teamOf(c, "members");
      const wanted = { ...(await readValid(c.req.raw, invitationSchema)), teamId: team.id };
      await refuseBeyond(c, wanted);
      const members = await listMembers(c.env.DB, team.id);
      if (members.some(({ email }) => email === wanted.email)) {
        throw new AppError("conflict", `${wanted.email} is in the team already; change the member's role`);
      }
      const { invitation, token } = await createInvitation(c.env.DB, wanted, Date.now());
      recordChange(c, { made: invitation.id, after: roleOf(wanted) });
      const link = `${pageOrigin(c)}/invitation#code=${token}`;
      const text = `You are invited to the team ${team.name} on Edgewise. Accept within a week:\n\n${link}`;
      const mailed = await sendMail(c.env, { to: wanted.email, subject: `Join ${team.name} on Edgewise`, text });
      return c.json({ ...shown(invitation), link, mailed }, 201);
    },
  )
  .delete(
    "/:team/invitations/:invitation",
    operation({ summary: "Withdraw an invitation", needs: "members", replies: { 204: null } }),
    async (c) => {
      const team = await teamOf(c, "members");
      if (!(await takeInvitation(c.env.DB, team.id, c.req.param("invitation")))) {
        throw new AppError("not_found", "the team has no such invitation");
      }
      return c.body(null, 204);
    },
  );
