import * as z from "zod";
import { type Channel, cut, deliveredBy, type Note, noteOf, postedJson } from "../channel.ts";

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

function bodyOf({ title, body, end, links }: Note) {
  const buttons = links.map(({ text, url }) => ({ type: "button", text: { type: "plain_text", text }, url }));
  const blocks = [
    { type: "header", text: { type: "plain_text", text: escaped(title, HEADER_CHARS) } },
    { type: "section", text: markdown(body) },
    { type: "context", elements: [markdown(end)] },
    ...(buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }]),
  ];
  return { text: escaped(title, TEXT_CHARS), blocks };
}

/** Block Kit by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export const slack: Channel<z.infer<typeof config>> = {
  label: "Slack",
  about: "Writes into a Slack channel by an incoming webhook, which Slack makes under Apps.",
  config,
  deliver: (message, settings, ports) => slack.tell!(noteOf(message), settings, ports),
  async tell(note, { url }, { fetch }) {
    return deliveredBy(await fetch(url, postedJson(bodyOf(note))));
  },
};
