import * as z from "zod";
import { siteIdSchema } from "./site.ts";

/** A browser takes its consent back. Its random id, which nobody else knows, is the proof that it may. */
export const withdrawalSchema = z.object({
  site: siteIdSchema,
  persistentId: z.string().min(16, "send the id as the browser kept it: 16 characters or more").max(200),
});

/** What a site's own server says of a user: that consent was given, or taken back. */
export const userConsentSchema = z.strictObject({ analytics: z.boolean() });

export const userConsentReply = z
  .strictObject({
    /** `unknown` where nothing was ever taken back: then each event says for itself. */
    analytics: z.enum(["granted", "denied", "unknown"]),
    withdrawnAt: z.int().nullable(),
    grantedAt: z.int().nullable(),
    /** Of what was collected before: not asked for yet, or when it was, milliseconds; null where nothing is to be erased. */
    erasure: z.union([z.literal("pending"), z.int()]).nullable(),
  })
  .meta({ id: "UserConsent" });

export type UserConsent = z.infer<typeof userConsentReply>;
