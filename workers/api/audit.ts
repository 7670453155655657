// Reading the audit trail of a team or a site, as a list or as a file, and verifying the trail.
import { Hono } from "hono";
import * as z from "zod";
import { type AuditCheck, type AuditFault, FAULT_KINDS } from "../domain/audit.ts";
import type { Env } from "../env.ts";
import { fileResponse } from "../exports/file-response.ts";
import { FORMAT_NAMES, formats } from "../exports/formats/index.ts";
import type { Cell, Column } from "../exports/table.ts";
import { checkAudit, lastAuditCheck } from "../store/audit.ts";
import { type AuditFilter, type AuditScope, listAudit, type ReadLink } from "../store/audit-list.ts";
import { type AppContext, teamOf } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { nextSchema, pageOf, pageSchema } from "./paging.ts";
import { FILE_TYPES, fileSchema } from "./query-schemas.ts";
import { readQuery } from "./read-query.ts";
import { siteOf } from "./site-of.ts";

const DAY_MS = 24 * 3600_000;
/** Links that one call verifies; few on the free plan, where a request has little CPU. */
const LINKS_A_CALL = 20_000;
const LINKS_A_CALL_FREE = 500;
const LINKS_A_PAGE = 500;

const moment = z.union([z.iso.date(), z.iso.datetime()], "use a date such as 2026-11-21, or a time in UTC").optional();
const word = z.string().min(1).max(200).optional();

const askedSchema = pageSchema.extend({
  /** Who acted, as the list names them: `person <id>`, `key <id>`, `operator`, `job <name>`. */
  actor: word,
  /** `PATCH /api/v1/sites/:id` */
  action: word,
  /** What a path begins with. */
  target: word,
  /** Days and times are UTC; a day is taken whole. */
  from: moment,
  to: moment,
  text: word,
  format: z.enum(FORMAT_NAMES, `use one of ${FORMAT_NAMES.join(", ")}`).optional(),
});

const faultSchema = z
  .strictObject({ kind: z.enum(FAULT_KINDS), seq: z.int(), through: z.int(), detail: z.string() })
  .meta({ id: "AuditFault" }) satisfies z.ZodType<AuditFault>;

const checkSchema = z
  .strictObject({ startedAt: z.int(), finishedAt: z.int(), links: z.int(), faults: z.array(faultSchema) })
  .meta({ id: "AuditCheck" }) satisfies z.ZodType<AuditCheck>;

const actSchema = z
  .strictObject({
    seq: z.int(),
    at: z.int(),
    actor: z.string(),
    /** Null for what is no person, and for who has no account any more. */
    name: z.string().nullable(),
    action: z.string(),
    summary: z.string(),
    target: z.string(),
    teamId: z.string(),
    siteId: z.string(),
    outcome: z.enum(["done", "refused"]),
    requestId: z.string(),
    country: z.string(),
    origin: z.string(),
    before: z.unknown(),
    after: z.unknown(),
    hash: z.string(),
  })
  .meta({ id: "AuditAct" });

export type AuditAct = z.infer<typeof actSchema>;

/** JSON as what it says; what is none any more as it stands, since somebody has been at it. */
function parsedOr(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json);
  } catch {
    return json;
  }
}

const shown = ({ previous: _, ...link }: ReadLink): AuditAct => ({
  ...link,
  before: parsedOr(link.before),
  after: parsedOr(link.after),
});

const COLUMNS = ["seq", "at", "actor", "name", "action", "summary", "target", "teamId", "siteId", "outcome"] as const;
const MORE = ["requestId", "country", "origin", "before", "after", "previous", "hash"] as const;
const FILE_COLUMNS = [...COLUMNS, ...MORE];
const columns: Column[] = FILE_COLUMNS.map((name) => ({
  name,
  type: name === "at" ? "time" : name === "seq" ? "number" : "text",
}));

async function* fileRows(db: D1Database, scope: AuditScope, filter: AuditFilter): AsyncIterable<Cell[][]> {
  for (let after = 0; ; ) {
    const links = await listAudit(db, scope, { ...filter, after, limit: LINKS_A_PAGE, newestFirst: false });
    const last = links.at(-1);
    if (!last) return;
    yield links.map((link) => FILE_COLUMNS.map((name) => link[name]));
    after = last.seq;
  }
}

/** The last millisecond of a day, or the moment. */
const endOf = (text: string): number => Date.parse(text) + (text.length === "2026-11-21".length ? DAY_MS - 1 : 0);

async function answer(c: AppContext, scope: AuditScope): Promise<Response> {
  const { from, to, actor, action, target, text, format } = readQuery(c, askedSchema);
  const filter: AuditFilter = {
    ...{ actor, action, target, text },
    ...(from !== undefined && { from: Date.parse(from) }),
    ...(to !== undefined && { to: endOf(to) }),
  };
  if (format) {
    const id = "siteId" in scope ? scope.siteId : scope.teamId;
    recordChange(c, { after: { format, from, to, actor, action, target } });
    return fileResponse(formats[format], {
      name: `${id} audit trail`,
      facts: [
        ["Of", id],
        ["Order", "oldest first"],
        ["Made", new Date().toISOString()],
      ],
      columns,
      rows: fileRows(c.env.DB, scope, filter),
    });
  }
  const bySeq = { key: ({ seq }: ReadLink) => [seq], kinds: ["number"] } as const;
  const { entries, next } = await pageOf(c, bySeq, ({ after, limit }) =>
    listAudit(c.env.DB, scope, {
      ...filter,
      after: Number(after?.[0] ?? Number.NaN) || null,
      limit,
      newestFirst: true,
    }),
  );
  return c.json({ acts: entries.map(shown), next, check: await lastAuditCheck(c.env) });
}

const listed = {
  about: "Newest first; a file has the oldest first. `check` is the last look at the whole trail by the hourly job.",
  query: askedSchema,
  replies: {
    200: {
      files: FILE_TYPES,
      json: z.union([
        z.strictObject({ acts: z.array(actSchema), ...nextSchema, check: checkSchema.nullable() }),
        fileSchema,
      ]),
    },
  },
};

const verifyAsked = z.strictObject({
  /** The `next` of the answer before. */
  after: z.coerce.number().int().min(0).default(0),
});

export const teamAudit = new Hono<{ Bindings: Env }>()
  .get("/:team/audit", operation({ summary: "Read a team's audit trail", needs: "audit", ...listed }), async (c) => {
    const { id: teamId } = await teamOf(c, "audit");
    return answer(c, { teamId });
  })
  .get(
    "/:team/audit/verify",
    operation({
      summary: "Verify the audit trail",
      needs: "audit",
      about:
        "Of the whole deployment, since it is one chain; some thousands of acts a call. `next` is null at the end.",
      query: verifyAsked,
      replies: {
        200: z.strictObject({ next: z.int().nullable(), links: z.int(), faults: z.array(faultSchema) }),
      },
    }),
    async (c) => {
      await teamOf(c, "audit");
      const { after } = readQuery(c, verifyAsked);
      return c.json(await checkAudit(c.env, after, c.env.EDGEWISE_PLAN === "free" ? LINKS_A_CALL_FREE : LINKS_A_CALL));
    },
  );

export const siteAudit = new Hono<{ Bindings: Env }>().get(
  "/:id/audit",
  operation({ summary: "Read a site's audit trail", needs: "audit", ...listed }),
  async (c) => {
    const { id: siteId } = await siteOf(c, "audit");
    return answer(c, { siteId });
  },
);
