// Links in reports, which work without signing in: one that counts and leads on, one that stops the mails. Mail is opened by more
// than people, so looking at a page changes nothing; only its button does, or a mail program's own (RFC 8058).
import { Hono } from "hono";
import { html } from "hono/html";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { countReportOpen } from "../store/report-deliveries.ts";
import { openReportLink } from "../store/report-links.ts";
import { findReportSchedule } from "../store/report-schedules.ts";
import { type Subscription, subscribeAgain, unsubscribe, unsubscribedOf } from "../store/report-unsubscribed.ts";
import type { AppContext } from "./access.ts";
import { operation } from "./operation.ts";
import { admit } from "./rate-limit.ts";

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#1d2433}button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:6px;background:#274bb8;color:#fff}@media(prefers-color-scheme:dark){body{background:#14161c;color:#e6e8ee}}";
const AGAIN = "subscribe";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex",
  "x-content-type-options": "nosniff",
};

/** Of our own making: sealed, and so never elsewhere. */
const isPath = (path: string): boolean => /^\/(?![/\\])/.test(path);

export const reportOpens = new Hono<{ Bindings: Env }>().get(
  "/:token",
  operation({
    summary: "Follow a link of a report",
    needs: "nothing",
    about:
      "Counts that the report was opened, and by which section; leads to the page of the dashboard that is sealed in it.",
    replies: { 302: null },
    errors: ["not_found"],
  }),
  async (c) => {
    await admit(c, { kind: "nobody" });
    const link = await openReportLink(c.env, "open", c.req.param("token"));
    if (!link || !isPath(link.path)) throw new AppError("not_found", "this is no link of ours; open it as it was sent");
    const { siteId, deliveryId: id, section, path } = link;
    if (c.req.method === "GET") await countReportOpen(c.env.DB, siteId, { id, section, now: Date.now() });
    return c.body(null, 302, { location: path, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  },
);

interface Led {
  of: Subscription;
  /** Of the schedule. */
  name: string;
}

async function ledTo(c: AppContext): Promise<Led> {
  await admit(c, { kind: "nobody" });
  const of = await openReportLink(c.env, "unsubscribe", c.req.param("token") ?? "");
  const schedule = of && (await findReportSchedule(c.env.DB, of.siteId, of.scheduleId));
  if (!of || !schedule) throw new AppError("not_found", "this link leads to no report that is still sent");
  return { of, name: schedule.name };
}

/** Asked each time anew, so that what was pressed twice says what holds. */
async function page(c: AppContext, { of, name }: Led): Promise<Response> {
  const isGone = (await unsubscribedOf(c.env, of, [of.email])).size > 0;
  const title = isGone ? "You get this report no more" : "Stop this report?";
  const told = isGone ? "is sent no more to" : "is sent to";
  const button = isGone
    ? html`<input type="hidden" name="do" value="${AGAIN}"><button>Send it to me again</button>`
    : html`<button>Unsubscribe</button>`;
  const shown = html`<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1><p dir="auto">“${name}” ${told} ${of.email}.</p><form method="post">${button}</form></main></body></html>`;
  return c.html(shown, 200, HEADERS);
}

const PAGE = { 200: { files: ["text/html"] } } as const;

export const reportUnsubscribes = new Hono<{ Bindings: Env }>()
  .get(
    "/:token",
    operation({
      summary: "Look at what the unsubscribe link of a report stops",
      needs: "nothing",
      replies: PAGE,
      errors: ["not_found"],
    }),
    async (c) => page(c, await ledTo(c)),
  )
  .post(
    "/:token",
    operation({
      summary: "Unsubscribe from a report, or subscribe again",
      needs: "nothing",
      about: "By the page's button, or in one click by a mail program (RFC 8058).",
      file: ["application/x-www-form-urlencoded"],
      replies: PAGE,
      errors: ["not_found"],
      audit: { why: "nobody is signed in; the history of deliveries says that they unsubscribed" },
    }),
    async (c) => {
      const led = await ledTo(c);
      const fields = await c.req.parseBody().catch((): Record<string, unknown> => ({}));
      if (fields.do === AGAIN) await subscribeAgain(c.env, led.of);
      else await unsubscribe(c.env, led.of, Date.now());
      return page(c, led);
    },
  );
