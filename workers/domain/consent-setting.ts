import * as z from "zod";
import { BEFORE_ANSWER, CONSENT_MODES, type ConsentQuestion, PURPOSES, type SiteConsent } from "./consent.ts";

const countrySchema = z.string().regex(/^[A-Z]{2}$/, "use ISO 3166-1 codes of two letters, such as DE");
const purposesSchema = z.array(z.enum(PURPOSES)).min(1, "name at least one purpose").max(PURPOSES.length);

export const siteConsentSchema = z
  .strictObject({
    mode: z.enum(CONSENT_MODES),
    before: z.enum(BEFORE_ANSWER),
    regions: z.union(
      [z.enum(["default", "everywhere"]), z.array(countrySchema).min(1).max(250)],
      'use "default", "everywhere" or a list of country codes such as DE',
    ),
    purposes: purposesSchema,
  })
  .meta({ id: "SiteConsent" }) satisfies z.ZodType<SiteConsent>;

export const consentQuestionSchema = z
  .strictObject({ ask: z.boolean(), before: z.enum(BEFORE_ANSWER), purposes: purposesSchema })
  .meta({ id: "ConsentQuestion" }) satisfies z.ZodType<ConsentQuestion>;
