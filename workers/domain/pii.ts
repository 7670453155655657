import { RE2JS } from "re2js";
import * as z from "zod";
import { DEFAULT_PII, PII_ACTIONS, PII_KINDS, type PiiAction, type PiiKind, type PiiSettings } from "./pii-kind.ts";

const ACTIONS = Object.keys(PII_ACTIONS) as PiiAction[]; // the record's own keys
const KINDS = Object.keys(PII_KINDS) as PiiKind[]; // the record's own keys

/** Steps of the compiled pattern: every character of an event may take as many. */
const MAX_STEPS = 200;

/** Why a site may not look for a pattern, and what to do about it; null when it may. */
export function ownPatternProblem(pattern: string): string | null {
  try {
    const compiled = RE2JS.compile(pattern);
    if (compiled.test("")) return "the pattern fits nothing at all, and so everything; name at least one character";
    if (compiled.programSize() > MAX_STEPS) return "the pattern is too large; use shorter repetitions such as {2,8}";
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `use RE2 syntax, which has no look-around and no back-references: ${reason}`;
  }
}

const ownPatternSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u, "use 1 to 40 letters, digits, spaces or dashes"),
  pattern: z
    .string()
    .min(1)
    .max(300)
    .superRefine((pattern, context) => {
      const message = ownPatternProblem(pattern);
      if (message !== null) context.addIssue({ code: "custom", message });
    }),
  action: z.enum(["mask", "hash", "drop"]).default("mask"),
});

const actionSchema = z.enum(ACTIONS);
const allowedSchema = (length: number) => z.array(z.string().trim().min(1).max(length)).max(100);

/** As a whole: what is left out has its default. */
export const piiSchema = z
  .strictObject({
    kinds: z.partialRecord(z.enum(KINDS), actionSchema).default({}),
    allow: z
      .strictObject({ values: allowedSchema(200).default([]), keys: allowedSchema(120).default([]) })
      .default({ values: [], keys: [] }),
    patterns: z
      .array(ownPatternSchema)
      .max(10, "name 10 patterns or fewer; one may hold alternatives: a|b")
      .default([]),
  })
  .transform(completePii);

/** What a site may have stored: settings from before a kind was added lack it, and a site from before all of them lacks all. */
export type StoredPii = Partial<Omit<PiiSettings, "kinds">> & { kinds?: Partial<PiiSettings["kinds"]> };

export function completePii(stored: StoredPii): PiiSettings {
  return { ...DEFAULT_PII, ...stored, kinds: { ...DEFAULT_PII.kinds, ...stored.kinds } };
}
