import * as z from "zod";
import { piiSchema } from "../domain/pii.ts";
import {
  OWN_PATTERN,
  PII_ACTIONS,
  PII_KINDS,
  PII_PLACES,
  type PiiAction,
  type PiiFound,
  type PiiKind,
  type PiiPlace,
  type PiiSettings,
} from "../domain/pii-kind.ts";

const KINDS = Object.keys(PII_KINDS) as PiiKind[]; // the record's own keys
const ACTIONS = Object.keys(PII_ACTIONS) as PiiAction[]; // the record's own keys
const PLACES = Object.keys(PII_PLACES) as PiiPlace[]; // the record's own keys

const kindReply = z.enum([...KINDS, OWN_PATTERN]);

export const piiReply = z
  .strictObject({
    kinds: z.record(z.enum(KINDS), z.enum(ACTIONS)),
    allow: z.strictObject({ values: z.array(z.string()), keys: z.array(z.string()) }),
    patterns: z.array(
      z.strictObject({ name: z.string(), pattern: z.string(), action: z.enum(["mask", "hash", "drop"]) }),
    ),
  })
  .meta({ id: "PersonalValueSettings" }) satisfies z.ZodType<PiiSettings>;

export const piiFoundReply = z
  .strictObject({ date: z.string(), kind: kindReply, place: z.enum(PLACES), count: z.int() })
  .meta({ id: "PersonalValuesFound" }) satisfies z.ZodType<PiiFound>;

export const tryPiiSchema = z.strictObject({
  text: z.string().max(2000),
  /** The property whose value the text is to be; left out, it is looked at as a title is. */
  key: z.string().trim().min(1).max(120).optional(),
  /** Settings to try, or those of the site. */
  pii: piiSchema.optional(),
});

export const triedPiiReply = z.strictObject({
  /** What would be kept; null where it is left out whole. */
  text: z.string().nullable(),
  found: z.array(z.strictObject({ kind: kindReply, count: z.int() })),
});
