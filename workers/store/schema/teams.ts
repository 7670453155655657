import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { type Action, ROLES } from "../../domain/access.ts";

const role = text("role", { enum: ROLES }).notNull();
/** Of the role `custom`; empty for the others. */
const scopes = text("scopes", { mode: "json" }).$type<Action[]>().notNull();

export const teams = sqliteTable("teams", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  createdAt: integer("created_at").notNull(),
});

export const members = sqliteTable(
  "members",
  {
    teamId: text("team_id").notNull(),
    personId: text("person_id").notNull(),
    role,
    scopes,
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.personId] }), index("members_by_person").on(table.personId)],
);

/** Kept as SHA-256 of the token that the link carries; gone once accepted or withdrawn. */
export const invitations = sqliteTable(
  "invitations",
  {
    hash: text("hash").primaryKey(),
    id: text("id").notNull().unique(),
    teamId: text("team_id").notNull(),
    email: text("email").notNull(),
    role,
    scopes,
    createdAt: integer("created_at").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (table) => [index("invitations_of_team").on(table.teamId)],
);
