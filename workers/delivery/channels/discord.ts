import * as z from "zod";
import { bodyOf, type Channel, cut, deliveredBy, isoTime, linksOf, postedJson, titleOf } from "../channel.ts";

const config = z.strictObject({
  url: z
    .url({ hostname: /^(?:\w+\.)?discord(?:app)?\.com$/, error: "use the address that Discord gives, on discord.com" })
    .max(2000)
    .meta({ title: "Address of the webhook", writeOnly: true }),
});

const COLOURS = { firing: 0xd92d20, acknowledged: 0xdc8b00, resolved: 0x12875a, test: 0x667085 } as const;
const TITLE_CHARS = 256;
const TEXT_CHARS = 4096;
const FIELD_CHARS = 1024;

/** Markdown as text, links behind words among it. At most so many characters, and no escape without its character. */
const plain = (text: string, most: number): string =>
  cut(text.replace(/[\\`*_~|<>#()[\]]/g, "\\$&"), most).replace(/\\+…$/, "…");

/** As many as there is room for. */
function fitting(links: readonly string[]): string {
  const joined = links.join(" · ");
  return joined.length <= FIELD_CHARS ? joined : fitting(links.slice(0, -1));
}

/** An embed by a webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook. */
export const discord: Channel<z.infer<typeof config>> = {
  label: "Discord",
  about: "Writes into a Discord channel by its webhook, which the channel's settings make.",
  config,
  async deliver(message, { url }, { fetch }) {
    const { kind, incident, at, link } = message;
    const links = linksOf(message).map(({ text, url }) => `[${text}](${url})`);
    const severity = { name: "Severity", value: incident.severity, inline: true };
    const embed = {
      title: plain(titleOf(message), TITLE_CHARS),
      description: plain(bodyOf(message), TEXT_CHARS),
      color: COLOURS[kind],
      timestamp: isoTime(at),
      fields: links.length === 0 ? [severity] : [severity, { name: "Links", value: fitting(links), inline: false }],
      ...(link !== "" && { url: link }),
    };
    // A rule's name must not be able to call everybody.
    return deliveredBy(await fetch(url, postedJson({ embeds: [embed], allowed_mentions: { parse: [] } })));
  },
};
