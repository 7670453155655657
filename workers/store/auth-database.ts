// The tables of people as better-auth names them.
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { drizzle } from "drizzle-orm/d1";
import { people, signInMethods, signIns, verifications } from "./schema/index.ts";

export function authDatabase(db: D1Database) {
  const schema = { user: people, session: signIns, account: signInMethods, verification: verifications };
  return drizzleAdapter(drizzle(db, { schema }), { provider: "sqlite", schema, transaction: false });
}
