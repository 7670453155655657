import * as z from "zod";
import type { Props } from "./event.ts";
import { siteIdSchema } from "./site.ts";

export const LIMITS = {
  bodyBytes: 512 * 1024,
  eventBytes: 32 * 1024,
  batchEvents: 500,
  properties: 64,
  nameLength: 120,
  urlLength: 4096,
  pastMs: 72 * 3600_000,
  futureMs: 5 * 60_000,
} as const;

const text = (max: number) => z.string().max(max);
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

const propValueSchema: z.ZodType<Props[string]> = z
  .lazy(() =>
    z.union([
      z.string().max(2000),
      z.number(),
      z.boolean(),
      z.null(),
      z.array(propValueSchema).max(100),
      z.record(z.string().max(LIMITS.nameLength), propValueSchema),
    ]),
  )
  .meta({ id: "PropertyValue" });

const propsSchema = z
  .record(z.string().min(1).max(LIMITS.nameLength), propValueSchema)
  .refine((props) => Object.keys(props).length <= LIMITS.properties, `at most ${LIMITS.properties} properties`)
  .refine(
    (props) => !Object.keys(props).some((key) => forbiddenKeys.has(key)),
    "a property may not be named __proto__, constructor or prototype",
  );

/** A number, or one as text: Plausible's clients send text. Not coerced, which would take null and "" for free of charge. */
const amountSchema = z.union(
  [
    z.number(),
    z
      .string()
      .regex(/^\s*-?\d{1,15}(?:\.\d{1,15})?\s*$/)
      .transform(Number),
  ],
  "use a number such as 19.9",
);

const timeSchema = z.union(
  [z.number(), z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso))],
  "use milliseconds since 1970, or ISO 8601 with an offset such as 2026-11-21T12:00:00Z",
);

/** One event as the tracker or a server sends it. Unknown keys are ignored, so that newer trackers work on older servers. */
export const beaconSchema = z.object({
  /** The site's id; in a batch it may stand once, outside. */
  site: siteIdSchema,
  name: z.string().trim().min(1).max(LIMITS.nameLength),
  url: z.string().min(1).max(LIMITS.urlLength),
  referrer: text(LIMITS.urlLength).optional(),
  title: text(500).optional(),
  /** Unique per event; a repeat with the same id is counted once within 48 h. */
  id: text(64).optional(),
  /** When it happened: milliseconds or ISO 8601; now, when left out. */
  at: timeSchema.optional(),
  props: propsSchema.optional(),
  revenue: z
    .object({ amount: amountSchema, currency: z.string().regex(/^[A-Z]{3}$/, "use an ISO 4217 code such as EUR") })
    .optional(),
  /** Milliseconds of attention, with name `engagement`. */
  engagement: z.number().min(0).max(86_400_000).optional(),
  /** Deepest scroll, percent, with name `engagement`. */
  scroll: z.number().min(0).max(100).optional(),
  /** Viewport width in CSS pixels; tells a tablet from a desktop where the user agent does not. */
  width: z.number().min(0).max(100_000).optional(),
  language: text(35).optional(),
  userId: text(200).optional(),
  persistentId: text(200).optional(),
  consent: z.object({ analytics: z.boolean(), experience: z.boolean(), marketing: z.boolean() }).partial().optional(),
  /** Set on a retry, so that it is looked for in the site's other shards too. */
  retry: z.boolean().optional(),
});

export type Beacon = z.infer<typeof beaconSchema>;

/** One line of history. May state what the edge would otherwise derive; `line` makes its id. */
export const importedEventSchema = beaconSchema.omit({ site: true, id: true, retry: true, at: true }).extend({
  /** Position in the file, from 0: the event's identity within its import. */
  line: z.int().min(0),
  at: timeSchema,
  /** Any string that names the visitor; stored only as a keyed hash. */
  visitor: z.string().min(1).max(1000),
  userAgent: text(2000).optional(),
  source: text(200).optional(),
  channel: text(60).optional(),
  utm: z
    .object({ source: text(200), medium: text(200), campaign: text(200), term: text(200), content: text(200) })
    .partial()
    .optional(),
  country: text(2).optional(),
  region: text(120).optional(),
  city: text(120).optional(),
  browser: text(60).optional(),
  browserVersion: text(30).optional(),
  os: text(60).optional(),
  osVersion: text(30).optional(),
  device: text(30).optional(),
});

export type ImportedEvent = z.infer<typeof importedEventSchema>;

export const importSchema = z.strictObject({
  import: z.strictObject({
    /** Chosen by the client, so that a resumed import goes on: letters, digits and dashes. */
    id: z.string().regex(/^[a-z0-9-]{6,40}$/, "use 6 to 40 lower-case letters, digits or dashes"),
    label: z.string().trim().min(1).max(200),
    /** `given`: one visitor for the whole file. `daily`: the cookieless rule, a new id each local day. */
    visitors: z.enum(["given", "daily"]).default("given"),
    bots: z.enum(["keep", "drop"]).default("drop"),
  }),
  events: z.array(z.unknown()).max(2000),
});

/** Answer per event of a batch, by index. */
export interface EventReceipt {
  index: number;
  status: "accepted" | "duplicate" | "quarantined" | "dropped" | "invalid" | "retry";
  reason?: string;
  errors?: { path: string; message: string }[];
  /** Of an event that was taken: where it does not fit the tracking plan. */
  warnings?: { path: string; message: string }[];
}

/** Answer to a collect or import request: totals, and a line for each event that was not simply accepted. */
export interface CollectReply {
  accepted: number;
  duplicate: number;
  /** Kept because the tracking plan refuses them, and not counted; there when there are any. Sending again changes nothing. */
  quarantined?: number;
  dropped: number;
  invalid: number;
  retry: number;
  /** Dropped, quarantined and invalid by reason. */
  reasons: Record<string, number>;
  events: EventReceipt[];
}
