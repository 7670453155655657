import * as z from "zod";
import type { AlertMessage } from "../../domain/alert.ts";
import { type Channel, deliveredBy, isoTime, titleOf } from "../channel.ts";

const config = z.strictObject({
  url: z
    .url({ hostname: /^hooks\.slack(?:-gov)?\.com$/, error: "use the address that Slack gives, on hooks.slack.com" })
    .max(2000)
    .meta({ title: "Address of the incoming webhook" }),
});

const HEADER_CHARS = 150;
const TEXT_CHARS = 3000;

/** The three characters that are markup. */
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

function blocksOf(message: AlertMessage) {
  const { incident, at, link } = message;
  const button = { type: "button", text: { type: "plain_text", text: "Open" }, url: link };
  return [
    { type: "header", text: { type: "plain_text", text: titleOf(message).slice(0, HEADER_CHARS) } },
    { type: "section", text: { type: "mrkdwn", text: escaped(incident.reason).slice(0, TEXT_CHARS) || "–" } },
    { type: "context", elements: [{ type: "mrkdwn", text: `${incident.severity} · ${isoTime(at)}` }] },
    ...(link === "" ? [] : [{ type: "actions", elements: [button] }]),
  ];
}

/** Block Kit by an incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export const slack: Channel<z.infer<typeof config>> = {
  label: "Slack",
  about: "Writes into a Slack channel by an incoming webhook, which Slack makes under Apps.",
  config,
  async deliver(message, { url }, { fetch }) {
    const body = JSON.stringify({ text: escaped(titleOf(message)), blocks: blocksOf(message) });
    return deliveredBy(await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }));
  },
};
