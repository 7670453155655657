// Share links: anybody who has one reads one site, or one report of it, and nothing else. They are made and revoked at the site,
// opened here; `shared-reports.ts` answers those to reports.
import { Hono } from "hono";
import * as z from "zod";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { REPORT_FILES } from "../reports/formats/index.ts";
import { signInFor } from "../store/objects.ts";
import { createShare, findShare, listShares, revokeShare, type Share } from "../store/shares.ts";
import { findSite } from "../store/sites.ts";
import { type AppContext, giveShareSession, refuseForeignOrigin } from "./access.ts";
import { shareName } from "./actor-name.ts";
import { recordChange } from "./audit-trail.ts";
import { boardSeen } from "./boards.ts";
import { nameSchema, originOf, pageOrigin, passwordSchema, refusalError } from "./credentials.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField } from "./problem.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";
import { reportSeen } from "./reports.ts";
import { noShare, reportShown } from "./shared-reports.ts";
import { siteOf } from "./site-of.ts";
import { siteSchema } from "./site-schema.ts";

const newShareSchema = z
  .strictObject({
    label: nameSchema,
    password: passwordSchema.nullable().default(null),
    /** A board that it shows. */
    boardId: z.string().max(60).nullable().default(null),
    /** A report that it shows: the site can then not be asked. */
    reportId: z.string().max(60).nullable().default(null),
    /** Whether the report may be taken as files. */
    files: z.boolean().default(false),
  })
  .superRefine(({ boardId, reportId, files }, context) => {
    const wrong = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (reportId !== null && boardId !== null) wrong("reportId", "a link shows a board or a report; leave one out");
    if (reportId === null && files) wrong("files", "are of a report; name it by reportId");
  });
const openSchema = z.strictObject({ password: passwordSchema.optional() });

const shareSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  boardId: z.string().nullable(),
  reportId: z.string().nullable(),
  files: z.boolean(),
  hasPassword: z.boolean(),
  createdAt: z.int(),
  link: z.string(),
});

/** What a link opens. A report reads like a person's own page: of its site the name alone is told. */
const openedSchema = z.union([
  z.strictObject({ site: siteSchema, boardId: z.string().nullable() }),
  z.strictObject({
    report: z.strictObject({ name: z.string(), siteName: z.string(), files: z.array(z.enum(REPORT_FILES)) }),
  }),
]);

/** What the audit trail may know of a link, whose id is its secret. */
const told = ({ label, boardId, reportId, files, passwordHash }: Share) => ({
  ...{ label, boardId, reportId, files },
  hasPassword: passwordHash !== null,
});

function shown(c: AppContext, share: Share) {
  const { id, createdAt } = share;
  return { id, ...told(share), createdAt, link: `${pageOrigin(c)}/share/${id}` };
}

export const siteShares = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/shares",
    operation({
      summary: "List a site's share links",
      needs: "shares",
      query: pageSchema,
      replies: { 200: z.strictObject({ shares: z.array(shareSchema), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const { entries, next } = await pageOfAll(c, await listShares(c.env.DB, site.id), BY_AGE);
      return c.json({ shares: entries.map((share) => shown(c, share)), next });
    },
  )
  .post(
    "/:id/shares",
    operation({ summary: "Make a share link", needs: "shares", body: newShareSchema, replies: { 201: shareSchema } }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const { password, ...fields } = await readValid(c.req.raw, newShareSchema);
      const { boardId, reportId } = fields;
      if (boardId !== null && !(await boardSeen(c, site, boardId))) throw invalidField("boardId", "no such board");
      if (reportId !== null && !(await reportSeen(c, site, reportId))) throw invalidField("reportId", "no such report");
      const passwordHash = password === null ? null : await signInFor(c.env, site.id).hashPassword(password);
      const share = await createShare(c.env.DB, site.id, { ...fields, passwordHash, now: Date.now() });
      recordChange(c, { made: shareName(share.id), after: told(share) });
      return c.json(shown(c, share), 201);
    },
  )
  .delete(
    "/:id/shares/:share",
    operation({ summary: "Revoke a share link", needs: "shares", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "shares");
      const share = await findShare(c.env.DB, c.req.param("share"));
      if (!share || !(await revokeShare(c.env.DB, site.id, share.id))) {
        throw new AppError("not_found", "the site has no such share link");
      }
      recordChange(c, { made: shareName(share.id), before: told(share) });
      return c.body(null, 204);
    },
  );

async function checkPassword(c: AppContext, share: Share, password: string | undefined): Promise<void> {
  if (share.passwordHash === null) return;
  if (password === undefined) throw new AppError("unauthorized", "this link needs its password");
  const name = `share ${share.id}`;
  const reply = await signInFor(c.env, name).checkPassword(share.passwordHash, password, { name, ...originOf(c) });
  if (reply.ok) return;
  if (reply.reason === "wrong") recordChange(c, { siteId: share.siteId, made: shareName(share.id), refused: true });
  throw refusalError(reply, "the password of this link is not right");
}

/** Opens a link: from then on a cookie lets the reader ask about its site, or see its report, for a day. */
export const shares = new Hono<{ Bindings: Env }>().post(
  "/:share",
  operation({
    summary: "Open a share link",
    needs: "nothing",
    body: openSchema,
    about:
      "Gives a cookie by which its site, and the board that it names, can be read for a day; of a link to a report, the report alone.",
    replies: { 200: openedSchema },
    errors: ["unauthorized", "forbidden"],
    audit: { why: "opens a site to a reader, as often as they like, and changes nothing; a wrong password is told" },
  }),
  async (c) => {
    refuseForeignOrigin(c);
    await admit(c, { kind: "nobody" });
    const { password } = await readValid(c.req.raw, openSchema);
    const share = await findShare(c.env.DB, c.req.param("share"));
    const site = share && (await findSite(c.env.DB, share.siteId));
    if (!share || !site) throw noShare();
    await checkPassword(c, share, password);
    const report = share.reportId === null ? null : await reportShown(c, share);
    await giveShareSession(c, share);
    if (!report) return c.json({ site, boardId: share.boardId });
    return c.json({ report: { name: report.name, siteName: site.name, files: share.files ? REPORT_FILES : [] } });
  },
);
