import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** The audit trail, one chain for the deployment. Triggers of its migration refuse changes; the hashes find those made past them. */
export const audit = sqliteTable(
  "audit",
  {
    seq: integer("seq").primaryKey(),
    at: integer("at").notNull(),
    actor: text("actor").notNull(),
    action: text("action").notNull(),
    summary: text("summary").notNull(),
    target: text("target").notNull(),
    teamId: text("team_id").notNull(),
    siteId: text("site_id").notNull(),
    outcome: text("outcome", { enum: ["done", "refused"] }).notNull(),
    requestId: text("request_id").notNull(),
    country: text("country").notNull(),
    origin: text("origin").notNull(),
    before: text("before"),
    after: text("after"),
    previous: text("previous").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    index("audit_of_team").on(table.teamId, table.seq),
    index("audit_of_site").on(table.siteId, table.seq),
    index("audit_of_actor").on(table.actor, table.seq),
  ],
);
