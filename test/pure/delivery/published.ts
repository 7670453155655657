// What each service's documents say of a request, as schemas that take nothing else.
import * as z from "zod";

const httpsUrl = z.url({ protocol: /^https$/ });

const plain = (most: number) => z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(most) });
const mrkdwn = z.strictObject({
  type: z.literal("mrkdwn"),
  text: z.string().min(1).max(3000),
  verbatim: z.literal(true),
});
/** https://docs.slack.dev/reference/block-kit/blocks */
const slack = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(
      z.discriminatedUnion("type", [
        z.strictObject({ type: z.literal("header"), text: plain(150) }),
        z.strictObject({ type: z.literal("section"), text: mrkdwn }),
        z.strictObject({ type: z.literal("context"), elements: z.array(mrkdwn).min(1).max(10) }),
        z.strictObject({
          type: z.literal("actions"),
          elements: z
            .array(z.strictObject({ type: z.literal("button"), text: plain(75), url: httpsUrl.max(3000) }))
            .min(1)
            .max(25),
        }),
      ]),
    )
    .min(1)
    .max(50),
});

/** https://adaptivecards.io/explorer/RichTextBlock.html, TextRun.html and Action.OpenUrl.html, version 1.4. */
const run = z.strictObject({
  type: z.literal("TextRun"),
  text: z.string().min(1),
  size: z.enum(["Default", "Small", "Medium", "Large", "ExtraLarge"]).optional(),
  weight: z.enum(["Default", "Lighter", "Bolder"]).optional(),
  color: z.enum(["Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"]).optional(),
});
const teams = z.strictObject({
  type: z.literal("message"),
  attachments: z
    .array(
      z.strictObject({
        contentType: z.literal("application/vnd.microsoft.card.adaptive"),
        content: z.strictObject({
          $schema: z.literal("http://adaptivecards.io/schemas/adaptive-card.json"),
          type: z.literal("AdaptiveCard"),
          version: z.literal("1.4"),
          body: z.array(z.strictObject({ type: z.literal("RichTextBlock"), inlines: z.array(run).min(1) })).min(1),
          actions: z.array(
            z.strictObject({ type: z.literal("Action.OpenUrl"), title: z.string().min(1), url: httpsUrl }),
          ),
        }),
      }),
    )
    .length(1),
});

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const discord = z.strictObject({
  embeds: z
    .array(
      z.strictObject({
        title: z.string().max(256),
        description: z.string().max(4096),
        color: z.int().min(0).max(0xffffff),
        timestamp: z.iso.datetime(),
        url: httpsUrl.optional(),
        fields: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(256),
              value: z.string().min(1).max(1024),
              inline: z.boolean(),
            }),
          )
          .max(25),
      }),
    )
    .length(1)
    .refine(([embed]) => {
      const { title, description, fields } = embed!;
      const texts = [title, description, ...fields.flatMap(({ name, value }) => [name, value])];
      return texts.join("").length <= 6000;
    }, "all texts together have 6000 characters"),
  allowed_mentions: z.strictObject({ parse: z.array(z.never()) }),
});

/** https://core.telegram.org/bots/api#sendmessage. Without `parse_mode`, so nothing is markup. */
const telegram = z.strictObject({
  chat_id: z.string().min(1),
  text: z.string().min(1).max(4096),
  link_preview_options: z.strictObject({ is_disabled: z.literal(true) }),
  reply_markup: z
    .strictObject({
      inline_keyboard: z.array(z.array(z.strictObject({ text: z.string().min(1), url: httpsUrl })).min(1)).min(1),
    })
    .optional(),
});

/** https://developer.pagerduty.com/docs/send-alert-event */
const pagerdutyKey = { routing_key: z.string().length(32), dedup_key: z.string().min(1).max(255) };
const pagerduty = z.discriminatedUnion("event_action", [
  z.strictObject({
    ...pagerdutyKey,
    event_action: z.literal("trigger"),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(["critical", "warning", "error", "info"]),
      timestamp: z.iso.datetime(),
      custom_details: z.record(z.string(), z.unknown()),
    }),
    client: z.string(),
    client_url: httpsUrl.optional(),
    links: z.array(z.strictObject({ href: httpsUrl, text: z.string().min(1) })).optional(),
  }),
  z.strictObject({ ...pagerdutyKey, event_action: z.enum(["acknowledge", "resolve"]) }),
]);

/** https://docs.opsgenie.com/docs/alert-api: create, and what follows. */
const opsgenie = z.union([
  z.strictObject({
    message: z.string().min(1).max(130),
    alias: z.string().min(1).max(512),
    description: z.string().max(15_000),
    priority: z.enum(["P1", "P2", "P3", "P4", "P5"]),
    source: z.string().max(100),
    entity: z.string().max(512),
    details: z.record(z.string(), z.string()).refine((map) => JSON.stringify(map).length <= 8000),
  }),
  z.strictObject({ source: z.string().max(100) }),
]);

/** https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
const sms = z.strictObject({
  To: z.string().regex(/^\+[1-9]\d{6,14}$/),
  From: z.string().min(1),
  Body: z.string().min(1).max(1600),
});

/** https://resend.com/docs/api-reference/emails/send-email */
const email = z.strictObject({
  from: z.string().min(3),
  to: z.array(z.email()).min(1).max(50),
  subject: z
    .string()
    .min(1)
    .regex(/^[^\r\n]*$/),
  text: z.string().min(1),
  html: z.string().min(1),
  attachments: z
    .array(
      z.strictObject({
        filename: z.string().min(1),
        content: z.base64(),
        content_type: z.literal("image/svg+xml"),
        content_id: z.string().min(1).max(128),
      }),
    )
    .optional(),
});

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const alertHook = z.strictObject({
  type: z.string().regex(/^alert\.[a-z]+$/),
  timestamp: z.iso.datetime(),
  data: z.strictObject({
    site: z.object({ id: z.string() }),
    incident: z.object({ id: z.string() }),
    link: z.string(),
    top: z.array(z.string()),
    chart: z.string(),
  }),
});
const webhook = z.union([
  alertHook,
  z.strictObject({
    type: z.literal("report.ready"),
    timestamp: z.iso.datetime(),
    data: z.strictObject({ title: z.string(), link: z.string() }),
  }),
]);

/** What the service worker of the dashboard reads, by https://notifications.spec.whatwg.org/#api. */
const push = z.strictObject({
  title: z.string().min(1).max(150),
  body: z.string().max(400),
  tag: z.string().min(1),
  link: z.union([z.literal(""), httpsUrl]),
  acknowledge: z.union([z.literal(""), httpsUrl]),
});

export const PUBLISHED = {
  webhook,
  slack,
  teams,
  discord,
  telegram,
  email,
  sms,
  push,
  pagerduty,
  opsgenie,
} as const;
