// Teams, members and invitations as the API tells of them.
import * as z from "zod";
import { ACTIONS, ROLES } from "../domain/access.ts";
import type { Member, Team } from "../store/teams.ts";

const text = z.string();
const role = { role: z.enum(ROLES), scopes: z.array(z.enum(ACTIONS)) };

export const teamReply = z
  .strictObject({ id: text, name: text, createdAt: z.int() })
  .meta({ id: "Team" }) satisfies z.ZodType<Team>;

export const memberReply = z
  .strictObject({ id: text, name: text, email: text, ...role, createdAt: z.int() })
  .meta({ id: "Member" }) satisfies z.ZodType<Member>;

export const invitationReply = z.strictObject({
  id: text,
  email: text,
  ...role,
  createdAt: z.int(),
  expiresAt: z.int(),
});
