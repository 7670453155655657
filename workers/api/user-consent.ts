// What a site's own server says of a user's consent: the browser cannot prove whose it is.

import { Hono } from "hono";
import type { Site } from "../domain/site.ts";
import { type UserConsent, userConsentReply, userConsentSchema } from "../domain/withdrawal.ts";
import type { Env } from "../env.ts";
import { userPseudonym } from "../ingest/identity.ts";
import { identityKey } from "../store/secrets.ts";
import { endWithdrawal, findWithdrawal, recordWithdrawal, type Withdrawal } from "../store/withdrawals.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { authorOf } from "./author.ts";
import { eraseWithdrawn } from "./erase-withdrawn.ts";
import { operation } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const USER_ID_LENGTH = 200;

function told(row: Withdrawal | null): UserConsent {
  if (!row) return { analytics: "unknown", withdrawnAt: null, grantedAt: null, erasure: null };
  const { withdrawnAt, grantedAt, handedOverAt } = row;
  return {
    analytics: grantedAt === null ? "denied" : "granted",
    withdrawnAt,
    grantedAt,
    erasure: handedOverAt ?? "pending",
  };
}

/** By the pseudonym of the user whom the path names. */
async function userOf(c: AppContext): Promise<{ site: Site; userId: string; pseudonym: string }> {
  const site = await siteOf(c, "import");
  const userId = c.req.param("userId") ?? "";
  if (userId.length > USER_ID_LENGTH)
    throw invalidField("userId", `user ids have at most ${USER_ID_LENGTH} characters`);
  return { site, userId, pseudonym: userPseudonym(await identityKey(c.env), site.id, userId) };
}

export const userConsent = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/users/:userId/consent",
    operation({ summary: "Read a user's consent", needs: "import", replies: { 200: userConsentReply } }),
    async (c) => {
      const { site, pseudonym } = await userOf(c);
      return c.json(told(await findWithdrawal(c.env.DB, site.id, pseudonym)));
    },
  )
  .put(
    "/:id/users/:userId/consent",
    operation({
      summary: "Say that a user gave consent or took it back",
      needs: "import",
      about:
        "Taken back, events that name the user are refused from now on, and those that were stored are to be erased. Given anew, they are taken again.",
      body: userConsentSchema,
      replies: { 200: userConsentReply },
    }),
    async (c) => {
      const { site, userId, pseudonym } = await userOf(c);
      const { analytics } = await readValid(c.req.raw, userConsentSchema);
      recordChange(c, { after: { analytics } });
      const now = Date.now();
      if (analytics) return c.json(told(await endWithdrawal(c.env.DB, site.id, pseudonym, now)));
      const row = await recordWithdrawal(c.env.DB, { siteId: site.id, pseudonym, kind: "user" }, now);
      const by = authorOf(c).name;
      return c.json(told(await eraseWithdrawn(c.env, site, { row, whom: { userId }, by })));
    },
  );
