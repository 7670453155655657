import { Hono } from "hono";
import * as z from "zod";
import { beyond } from "../access/may.ts";
import { SITE_ACTIONS } from "../domain/access.ts";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { createApiKey, listApiKeys, revokeApiKey, type ShownKey } from "../store/api-keys.ts";
import { knownAskers } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const newKeySchema = z.strictObject({
  label: z.string().trim().min(1).max(120),
  scopes: z.array(z.enum(SITE_ACTIONS)).min(1).max(SITE_ACTIONS.length),
  /** Milliseconds since 1970; null for one that lasts until it is revoked. */
  expiresAt: z.int().positive().nullable().default(null),
});

const keySchema = newKeySchema.extend({
  id: z.string(),
  expiresAt: z.int().nullable(),
  createdAt: z.int(),
  lastUsedAt: z.int().nullable(),
}) satisfies z.ZodType<ShownKey>;

export const keys = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/keys",
    operation({
      summary: "List a site's keys",
      needs: "keys",
      query: pageSchema,
      replies: { 200: z.strictObject({ keys: z.array(keySchema), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "keys");
      const { entries, next } = await pageOfAll(c, await listApiKeys(c.env.DB, site.id), BY_AGE);
      return c.json({ keys: entries, next });
    },
  )
  .post(
    "/:id/keys",
    operation({
      summary: "Make a key",
      needs: "keys",
      body: newKeySchema,
      about: "The key itself is told once.",
      replies: { 201: z.strictObject({ id: z.string(), key: z.string() }) },
    }),
    async (c) => {
      const { id: siteId, teamId } = await siteOf(c, "keys");
      const { label, scopes, expiresAt } = await readValid(c.req.raw, newKeySchema);
      const now = Date.now();
      if (expiresAt !== null && expiresAt <= now) throw invalidField("expiresAt", "use a time that is still to come");
      const lacking = beyond(await knownAskers(c), scopes, { siteId, teamId });
      if (lacking.length > 0) {
        throw new AppError("forbidden", `a key cannot be given ${lacking.join(", ")} by one who may not do it`);
      }
      const made = await createApiKey(c.env.DB, siteId, { label, scopes, expiresAt, now });
      recordChange(c, { made: made.id, after: { label, scopes, expiresAt } });
      return c.json(made, 201);
    },
  )
  .delete(
    "/:id/keys/:key",
    operation({ summary: "Revoke a key", needs: "keys", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "keys");
      const before = (await listApiKeys(c.env.DB, site.id)).find(({ id }) => id === c.req.param("key"));
      if (!before || !(await revokeApiKey(c.env.DB, site.id, before.id))) {
        throw new AppError("not_found", "the site has no such key");
      }
      recordChange(c, { before });
      return c.body(null, 204);
    },
  );
