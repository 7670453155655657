// Where alerts are sent, and what was. Settings go in and never out.
import { Hono } from "hono";
import * as z from "zod";
import type { SentMessage } from "../delivery/channel.ts";
import { readSettings, type Settings, toldSettings } from "../delivery/channel-settings.ts";
import { channels as kinds } from "../delivery/channels/index.ts";
import { refusalOf } from "../delivery/outgoing.ts";
import { allowsPrivate, sendNotice } from "../delivery/send-notice.ts";
import { isChannelKind, takesReports } from "../delivery/tell-channel.ts";
import { AppError, fieldErrors } from "../domain/errors.ts";
import type { Site } from "../domain/site.ts";
import type { Env } from "../env.ts";
import {
  type AlertChannel,
  addAlertChannel,
  changeAlertChannel,
  listAlertChannels,
  MOST_CHANNELS,
  openAlertChannel,
  removeAlertChannel,
  turnOffAlertChannel,
} from "../store/alert-channels.ts";
import { pushKey } from "../store/push-key.ts";
import type { AppContext } from "./access.ts";
import { channelReply } from "./alert-replies.ts";
import { recordChange } from "./audit-trail.ts";
import { operation } from "./operation.ts";
import { BY_AGE, nextSchema, pageOfAll, pageSchema } from "./paging.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";
import { siteOf } from "./site-of.ts";

const newChannelSchema = z.strictObject({
  kind: z.string().max(40),
  label: z.string().trim().min(1).max(120),
  /** As the kind's schema says: `GET /api/v1/alert-kinds`. */
  config: z.record(z.string(), z.unknown()),
});

const changeSchema = z.strictObject({
  label: newChannelSchema.shape.label.optional(),
  /** Left out or empty, a setting stays as it was. */
  config: newChannelSchema.shape.config.optional(),
  enabled: z.boolean().optional(),
});

const testedReply = z.strictObject({
  result: z.enum(["sent", "shown", "again", "failed", "gone"]),
  told: z.string(),
});

const OFF_BY_HAND = "was turned off";
const unknown = () => new AppError("not_found", "the site has no such channel");
const shown = ({ origin: _, ...channel }: AlertChannel) => ({ ...channel, takesReports: takesReports(channel.kind) });

/** The settings, checked by the kind's schema; throws with the path of each that is not right. */
function checkedConfig(c: AppContext, { kind, config, before }: { kind: string; config: Settings; before: unknown }) {
  if (!isChannelKind(kind)) throw invalidField("kind", `use one of ${Object.keys(kinds).join(", ")}`);
  const read = readSettings(kind, config, { before, now: Date.now() });
  if (!read.success) {
    const errors = fieldErrors(read.error.issues).map((one) => ({ ...one, path: `config.${one.path}` }));
    throw invalidFields(errors);
  }
  const { url } = config;
  const refusal = typeof url === "string" && url !== "" ? refusalOf(url, { privateToo: allowsPrivate(c.env) }) : null;
  if (refusal) throw invalidField("config.url", refusal);
  return read.data;
}

async function channelAt(c: AppContext, site: Site) {
  const found = await openAlertChannel(c.env, site.id, c.req.param("channelId") ?? "");
  if (!found) throw unknown();
  return found;
}

function testMessage(site: Site, { origin }: AlertChannel, now: number): SentMessage {
  const id = `test.${crypto.randomUUID()}`;
  return {
    key: id,
    kind: "test",
    site: { id: site.id, name: site.name },
    incident: {
      id,
      ruleId: "test",
      name: "A test of this channel",
      severity: "info",
      state: "firing",
      turn: 1,
      openedAt: now,
      changedAt: now,
      value: 1,
      expected: 0,
      reason: "Somebody pressed the button to test it. Nothing is wrong.",
      assignee: null,
      group: null,
    },
    at: now,
    link: `${origin}/sites/${encodeURIComponent(site.id)}/alerts`,
    acknowledge: "",
    chart: null,
    top: [],
  };
}

export const alertChannels = new Hono<{ Bindings: Env }>()
  .get(
    "/:id/alert-push-key",
    operation({
      summary: "Read the key that browsers subscribe with for notifications",
      needs: "settings",
      about:
        "The public half, as `applicationServerKey`; the same for all sites. What a browser then gives are the settings of a channel of the kind `push`.",
      replies: { 200: z.strictObject({ publicKey: z.string() }) },
    }),
    async (c) => {
      await siteOf(c, "settings");
      const { publicKey } = await pushKey(c.env);
      return c.json({ publicKey });
    },
  )
  .get(
    "/:id/alert-channels",
    operation({
      summary: "List a site's alert channels",
      needs: "define",
      about: "Without their settings, which nobody is told.",
      query: pageSchema,
      replies: { 200: z.strictObject({ channels: z.array(channelReply), ...nextSchema }) },
    }),
    async (c) => {
      const site = await siteOf(c, "define");
      const { entries, next } = await pageOfAll(c, await listAlertChannels(c.env.DB, site.id), BY_AGE);
      return c.json({ channels: entries.map(shown), next });
    },
  )
  .post(
    "/:id/alert-channels",
    operation({
      summary: "Make an alert channel",
      needs: "settings",
      body: newChannelSchema,
      replies: { 201: channelReply },
      errors: ["conflict"],
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const asked = await readValid(c.req.raw, newChannelSchema);
      const config = checkedConfig(c, { ...asked, before: null });
      const { kind, label } = asked;
      const { origin } = new URL(c.req.url);
      const channel = { id: crypto.randomUUID(), kind, label, origin, off: "", createdAt: Date.now() };
      if (!(await addAlertChannel(c.env, site.id, { ...channel, config }))) {
        throw new AppError("conflict", `the site has ${MOST_CHANNELS} channels; remove some first`);
      }
      recordChange(c, { made: channel.id, after: { kind, label } });
      return c.json(shown(channel), 201);
    },
  )
  .post(
    "/:id/alert-channels/:channelId/test",
    operation({
      summary: "Send a test to an alert channel",
      needs: "settings",
      about: "A channel that was turned off is on again when the test goes well, and off when it is answered 410.",
      replies: { 200: testedReply },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const channel = await channelAt(c, site);
      const now = Date.now();
      const { kind, config } = channel;
      const message = testMessage(site, channel, now);
      const delivered = await sendNotice(c.env, { kind, config, message, pushKey: () => pushKey(c.env), now });
      const { result, told } = delivered;
      if (result === "sent" || result === "gone") {
        await turnOffAlertChannel(c.env.DB, site.id, { id: channel.id, why: result === "sent" ? "" : told });
      }
      recordChange(c, { after: { result } });
      return c.json(delivered);
    },
  )
  .get(
    "/:id/alert-channels/:channelId",
    operation({
      summary: "Read an alert channel",
      needs: "settings",
      about: "With those of its settings that open nothing.",
      replies: { 200: channelReply.extend({ settings: z.record(z.string(), z.unknown()) }) },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { config, ...channel } = await channelAt(c, site);
      return c.json({ ...shown(channel), settings: toldSettings(channel.kind, config) });
    },
  )
  .patch(
    "/:id/alert-channels/:channelId",
    operation({
      summary: "Change an alert channel, or turn it off and on",
      needs: "settings",
      about: "A webhook's former secret signs beside the new one for a day.",
      body: changeSchema,
      replies: { 200: channelReply },
    }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { config: before, ...channel } = await channelAt(c, site);
      const { label = channel.label, config, enabled } = await readValid(c.req.raw, changeSchema);
      const off = enabled === undefined ? channel.off : enabled ? "" : channel.off || OFF_BY_HAND;
      const settings = config && { config: checkedConfig(c, { kind: channel.kind, config, before }) };
      if (!(await changeAlertChannel(c.env, site.id, { id: channel.id, label, off, ...settings }))) throw unknown();
      const names = Object.keys(config ?? {}).filter((name) => config?.[name] !== "");
      recordChange(c, { before: { ...channel, settings: [] }, after: { ...channel, label, off, settings: names } });
      return c.json(shown({ ...channel, label, off }));
    },
  )
  .delete(
    "/:id/alert-channels/:channelId",
    operation({ summary: "Remove an alert channel", needs: "settings", replies: { 204: null } }),
    async (c) => {
      const site = await siteOf(c, "settings");
      const { id, kind, label } = await channelAt(c, site);
      await removeAlertChannel(c.env.DB, site.id, id);
      recordChange(c, { before: { kind, label } });
      return c.body(null, 204);
    },
  );
