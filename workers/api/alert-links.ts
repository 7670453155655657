// Links in alerts, which work without signing in. A page shows what one leads to; only its button does something, since mail
// and messages are opened by more than people.
import { Hono } from "hono";
import * as z from "zod";
import { alertChart } from "../alerts/alert-chart.ts";
import { type Incident, SEVERITIES } from "../domain/alert.ts";
import { AppError } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import { openAlertChannel } from "../store/alert-channels.ts";
import { type AcknowledgeLink, openChart, openLink } from "../store/alert-links.ts";
import { findIncident } from "../store/incidents.ts";
import { findSite } from "../store/sites.ts";
import { type AppContext, refuseForeignOrigin } from "./access.ts";
import { moveIncident } from "./act-on-incident.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { invalidField } from "./problem.ts";
import { admit } from "./rate-limit.ts";
import { readValid } from "./read-json.ts";

const codeSchema = z.strictObject({ code: z.string().min(1).max(2000) });

const shownReply = z.strictObject({
  site: z.string(),
  name: z.string(),
  severity: z.enum(SEVERITIES),
  reason: z.string(),
  /** `again`: it has fired anew since, which a newer link is for. */
  state: z.enum(["firing", "acknowledged", "resolved", "again"]),
});

interface Led {
  link: AcknowledgeLink;
  site: Site;
  incident: Incident;
  /** The channel's name. */
  channel: string;
}

const stateOf = ({ incident, link }: Led): z.infer<typeof shownReply>["state"] =>
  incident.turn === link.turn ? incident.state : "again";

/** What the code leads to; throws where it is none, has ended, or what it is about is gone. */
async function ledTo(c: AppContext): Promise<Led> {
  refuseForeignOrigin(c);
  await admit(c, { kind: "nobody" });
  const { code } = await readValid(c.req.raw, codeSchema);
  const link = await openLink(c.env, "acknowledge", code);
  if (!link) throw invalidField("code", "this is no link of ours; open it as it was sent");
  if (link.until <= Date.now()) throw invalidField("code", "the link has ended; sign in instead");
  const [site, incident, channel] = await Promise.all([
    findSite(c.env.DB, link.siteId),
    findIncident(c.env.DB, link.siteId, link.incidentId),
    openAlertChannel(c.env, link.siteId, link.channelId),
  ]);
  if (!site || !incident || !channel || channel.off !== "") {
    throw invalidField("code", "what the link was for is gone; sign in instead");
  }
  return { link, site, incident, channel: channel.label };
}

/** The address holds all that is drawn. */
export const alertCharts = new Hono<{ Bindings: Env }>().get(
  "/:code",
  operation({
    summary: "Look at the chart of an alert",
    needs: "nothing",
    about: "By the address in the message, for 30 days; as it was when the message was sent.",
    replies: { 200: { files: ["image/svg+xml"] } },
    errors: ["not_found"],
  }),
  async (c) => {
    await admit(c, { kind: "nobody" });
    const facts = await openChart(c.env, c.req.param("code"));
    if (!facts || facts.until <= Date.now()) throw new AppError("not_found", "there is no such chart, or it has ended");
    return c.body(alertChart(facts), 200, {
      "content-type": "image/svg+xml",
      "cache-control": "private, max-age=3600",
    });
  },
);

export const alertLinks = new Hono<{ Bindings: Env }>()
  .post(
    "/",
    operation({
      summary: "See what the link of an alert leads to",
      needs: "nothing",
      body: codeSchema,
      replies: { 200: shownReply },
      errors: ["forbidden"],
      audit: { why: "it changes nothing; the code is in the body so that no log has it" },
    }),
    async (c) => {
      const led = await ledTo(c);
      const { name, severity, reason } = led.incident;
      return c.json({ site: led.site.name, name, severity, reason, state: stateOf(led) });
    },
  )
  .post(
    "/acknowledge",
    operation({
      summary: "Acknowledge an incident by the link of its alert",
      needs: "nothing",
      about: "Once: a link is for one firing of one incident, and ends after three days.",
      body: codeSchema,
      replies: { 204: null },
      errors: ["forbidden", "conflict"],
      audit: { why: "nobody is signed in; a success enters the trail as nobody's, with its site" },
    }),
    async (c) => {
      const led = await ledTo(c);
      const { link, site, incident, channel } = led;
      const state = stateOf(led);
      if (state === "again") throw new AppError("conflict", "it has fired again since; use the newer link");
      if (state !== "firing") throw new AppError("conflict", `the incident is ${state} already`);
      const author = { id: `channel ${link.channelId}`, name: `Link sent to ${channel}` };
      const acting = { db: c.env.DB, site, id: incident.id, author };
      const { before, after } = await moveIncident(acting, "acknowledged", { turn: link.turn });
      recordChange(c, { before: { state: before.state }, after: { state: after.state } });
      recordChange(c, { actor: { kind: "nobody" }, teamId: site.teamId, siteId: site.id });
      return c.body(null, 204);
    },
  );
