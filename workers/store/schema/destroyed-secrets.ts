import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** When the secret of each date was destroyed, milliseconds; of the secret itself nothing. */
export const destroyedSecrets = sqliteTable("destroyed_secrets", {
  date: text("date").primaryKey(),
  destroyedAt: integer("destroyed_at").notNull(),
});
