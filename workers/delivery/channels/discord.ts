import * as z from "zod";
import { type Channel, cut, deliveredBy, isoTime, type Note, noteOf, postedJson } from "../channel.ts";

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

interface Dressed {
  colour: number;
  url: string;
  field: { name: string; value: string; inline: boolean };
}

function embedOf({ title, body, links: all, at }: Note, { colour, url, field }: Dressed) {
  const links = all.map(({ text, url }) => `[${text}](${url})`);
  const embed = {
    title: plain(title, TITLE_CHARS),
    description: plain(body, TEXT_CHARS),
    color: colour,
    timestamp: isoTime(at),
    fields: links.length === 0 ? [field] : [field, { name: "Links", value: fitting(links), inline: false }],
    ...(url !== "" && { url }),
  };
  // A rule's name must not be able to call everybody.
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}

/** An embed by a webhook: https://discord.com/developers/docs/resources/webhook#execute-webhook. */
export const discord: Channel<z.infer<typeof config>> = {
  label: "Discord",
  about: "Writes into a Discord channel by its webhook, which the channel's settings make.",
  config,
  async deliver(message, { url }, { fetch }) {
    const { kind, incident, link } = message;
    const field = { name: "Severity", value: incident.severity, inline: true };
    const body = embedOf(noteOf(message), { colour: COLOURS[kind], url: link, field });
    return deliveredBy(await fetch(url, postedJson(body)));
  },
  async tell(note, { url }, { fetch }) {
    const field = { name: "Period", value: plain(note.end, FIELD_CHARS) || "–", inline: true };
    const body = embedOf(note, { colour: COLOURS.test, url: note.links[0]?.url ?? "", field });
    return deliveredBy(await fetch(url, postedJson(body)));
  },
};
