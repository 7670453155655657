import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const createdAt = integer("created_at", { mode: "timestamp_ms" }).notNull();
const updatedAt = integer("updated_at", { mode: "timestamp_ms" }).notNull();

/** Those who sign in. The columns of these four tables are better-auth's; the names of the tables are ours. */
export const people = sqliteTable("people", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** In lower case. */
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull(),
  image: text("image"),
  createdAt,
  updatedAt,
});

/** Sessions of people. The cookie carries the token signed, so the token alone opens nothing. */
export const signIns = sqliteTable(
  "sign_ins",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").notNull(),
    token: text("token").notNull().unique(),
    expiresAt: integer("expires_at", { mode: "timestamp_ms" }).notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt,
    updatedAt,
  },
  (table) => [index("sign_ins_of_person").on(table.userId)],
);

/** A person's password, as a hash. */
export const signInMethods = sqliteTable(
  "sign_in_methods",
  {
    id: text("id").primaryKey(),
    userId: text("user_id").notNull(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    password: text("password"),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: integer("access_token_expires_at", { mode: "timestamp_ms" }),
    refreshTokenExpiresAt: integer("refresh_token_expires_at", { mode: "timestamp_ms" }),
    scope: text("scope"),
    createdAt,
    updatedAt,
  },
  (table) => [index("sign_in_methods_of_person").on(table.userId)],
);

/** Hashes of tokens that set a new password or sign in, and of challenges that a passkey signed. */
export const verifications = sqliteTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: integer("expires_at", { mode: "timestamp_ms" }).notNull(),
    createdAt,
    updatedAt,
  },
  (table) => [index("verifications_by_identifier").on(table.identifier)],
);

/** Public keys of devices that sign a person in. */
export const passkeys = sqliteTable(
  "passkeys",
  {
    /** As the device names it, base64url. */
    id: text("id").primaryKey(),
    personId: text("person_id").notNull(),
    label: text("label").notNull(),
    /** COSE, base64url. */
    publicKey: text("public_key").notNull(),
    /** Of signatures, where the device counts them; else 0. */
    counter: integer("counter").notNull(),
    transports: text("transports", { mode: "json" }).$type<string[]>().notNull(),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at"),
  },
  (table) => [index("passkeys_of_person").on(table.personId)],
);
