import * as z from "zod";
import {
  bodyOf,
  type Channel,
  cut,
  deliveredBy,
  isoTime,
  linksOf,
  postedJson,
  type SentMessage,
  titleOf,
} from "../channel.ts";

const config = z.strictObject({
  url: z
    .url({ hostname: /^hooks\.slack(?:-gov)?\.com$/, error: "use the address that Slack gives, on hooks.slack.com" })
    .max(2000)
    .meta({ title: "Address of the incoming webhook", writeOnly: true }),
});

const HEADER_CHARS = 150;
const TEXT_CHARS = 3000;

/** The three characters that are markup. At most so many, and no entity in halves. */
function escaped(text: string, most: number): string {
  const entities = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return cut(entities, most).replace(/&[a-z]{0,3}…$/, "…");
}

// Else Slack looks for names of channels and people in it.
const markdown = (text: string) => ({ type: "mrkdwn", text: escaped(text, TEXT_CHARS), verbatim: true });

function blocksOf(message: SentMessage) {
  const { incident, at } = message;
  const buttons = linksOf(message).map(({ text, url }) => ({
    type: "button",
    text: { type: "plain_text", text },
    url,
  }));
  return [
    { type: "header", text: { type: "plain_text", text: escaped(titleOf(message), HEADER_CHARS) } },
    { type: "section", text: markdown(bodyOf(message)) },
    { type: "context", elements: [markdown(`${incident.severity} · ${isoTime(at)}`)] },
    ...(buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }]),
  ];
}

/** Block Kit by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export const slack: Channel<z.infer<typeof config>> = {
  label: "Slack",
  about: "Writes into a Slack channel by an incoming webhook, which Slack makes under Apps.",
  config,
  async deliver(message, { url }, { fetch }) {
    const body = { text: escaped(titleOf(message), TEXT_CHARS), blocks: blocksOf(message) };
    return deliveredBy(await fetch(url, postedJson(body)));
  },
};
