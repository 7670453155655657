import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Who may make a secret. The secret itself lives in KV alone, which keeps no history. */
export const secretClaims = sqliteTable("secret_claims", {
  name: text("name").primaryKey(),
  claimant: text("claimant").notNull(),
  claimedUntil: integer("claimed_until").notNull(),
});
