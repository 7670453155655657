import * as z from "zod";
import { siteConsentSchema } from "../domain/consent-setting.ts";
import { retentionSchema } from "../domain/retention.ts";
import { JURISDICTIONS, type Site, siteIdSchema } from "../domain/site.ts";
import { piiReply } from "./pii-schemas.ts";

/** A site as the API tells of it. */
export const siteSchema = z
  .strictObject({
    id: siteIdSchema,
    teamId: z.string(),
    name: z.string(),
    timeZone: z.string(),
    hostnames: z.array(z.string()),
    excludedPaths: z.array(z.string()),
    excludedReferrers: z.array(z.string()),
    jurisdiction: z.enum(JURISDICTIONS),
    shards: z.int(),
    epoch: z.int(),
    nextShards: z.int().nullable(),
    autoShards: z.boolean(),
    eventsPerSecond: z.int().nullable(),
    honourDoNotTrack: z.boolean(),
    consent: siteConsentSchema,
    exactLimit: z.int().nullable(),
    currency: z.string().nullable(),
    requestsPerHour: z.int().nullable(),
    retention: retentionSchema,
    pii: piiReply,
    createdAt: z.int(),
  })
  .meta({ id: "Site" }) satisfies z.ZodType<Site>;
