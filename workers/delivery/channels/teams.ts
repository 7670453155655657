import * as z from "zod";
import { type Channel, cut, deliveredBy, type Note, noteOf, postedJson } from "../channel.ts";

const HOSTS = /(?:^|\.)(?:logic\.azure\.(?:com|us)|api\.(?:gov\.)?powerplatform\.(?:com|us))$/;

const config = z.strictObject({
  url: z
    .url({ hostname: HOSTS, error: "use the address of a workflow, on logic.azure.com or api.powerplatform.com" })
    .max(2000)
    .meta({
      title: "Address of the workflow",
      description: "In Teams: Workflows, “Send webhook alerts to a channel”.",
      writeOnly: true,
    }),
});

const COLOURS = { firing: "Attention", acknowledged: "Warning", resolved: "Good", test: "Default" } as const;
const TITLE_CHARS = 300;
// A message may have 28 KB, and a character up to three bytes, or six as JSON.
const TEXT_CHARS = 3000;

/** A run of text is shown as it is, while a TextBlock reads Markdown. */
const runs = (text: string, style: Record<string, string> = {}) => ({
  type: "RichTextBlock",
  inlines: [{ type: "TextRun", text, ...style }],
});

function cardOf({ title, body, end, links }: Note, color: string) {
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      runs(cut(title, TITLE_CHARS), { weight: "Bolder", size: "Medium", color }),
      runs(cut(body, TEXT_CHARS)),
      runs(end, { size: "Small" }),
    ],
    actions: links.map(({ text, url }) => ({ type: "Action.OpenUrl", title: text, url })),
  };
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] };
}

/** An Adaptive Card by a workflow: https://learn.microsoft.com/en-us/power-automate/create-adaptive-cards. */
export const teams: Channel<z.infer<typeof config>> = {
  label: "Microsoft Teams",
  about: "Posts a card into a Teams channel by a workflow, which Teams makes under Workflows.",
  config,
  async deliver(message, { url }, { fetch }) {
    return deliveredBy(await fetch(url, postedJson(cardOf(noteOf(message), COLOURS[message.kind]))));
  },
  async tell(note, { url }, { fetch }) {
    return deliveredBy(await fetch(url, postedJson(cardOf(note, COLOURS.test))));
  },
};
