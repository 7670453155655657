import * as z from "zod";
import { type Channel, deliveredBy, isoTime, titleOf } from "../channel.ts";

const config = z.strictObject({
  url: z
    .url({ hostname: /^(?:\w+\.)?discord(?:app)?\.com$/, error: "use the address that Discord gives, on discord.com" })
    .max(2000)
    .meta({ title: "Address of the webhook" }),
});

const COLOURS = { firing: 0xd92d20, acknowledged: 0xdc8b00, resolved: 0x12875a, test: 0x667085 } as const;
const TITLE_CHARS = 256;
const TEXT_CHARS = 4096;

/** An embed by a webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook. */
export const discord: Channel<z.infer<typeof config>> = {
  label: "Discord",
  about: "Writes into a Discord channel by its webhook, which the channel's settings make.",
  config,
  async deliver(message, { url }, { fetch }) {
    const { kind, incident, at, link } = message;
    const embed = {
      title: titleOf(message).slice(0, TITLE_CHARS),
      description: incident.reason.slice(0, TEXT_CHARS),
      color: COLOURS[kind],
      timestamp: isoTime(at),
      fields: [{ name: "Severity", value: incident.severity, inline: true }],
      ...(link !== "" && { url: link }),
    };
    // A rule's name must not be able to call everybody.
    const body = JSON.stringify({ embeds: [embed], allowed_mentions: { parse: [] } });
    return deliveredBy(await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }));
  },
};
