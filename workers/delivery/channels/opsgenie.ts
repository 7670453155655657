import * as z from "zod";
import { bodyOf, type Channel, cut, deliveredBy, postedJson, type SentMessage, titleOf } from "../channel.ts";

const config = z.strictObject({
  apiKey: z
    .string()
    .regex(/^[\w-]{20,100}$/, "use the key of an API integration")
    .meta({ title: "API key", description: "Of an API integration of your team.", writeOnly: true }),
  region: z
    .enum(["us", "eu", "jira"])
    .default("us")
    .meta({ title: "Region", description: "jira: Jira Service Management, where Opsgenie moves to until April 2027." }),
});

const ADDRESSES = {
  us: "https://api.opsgenie.com/v2/alerts",
  eu: "https://api.eu.opsgenie.com/v2/alerts",
  jira: "https://api.atlassian.com/jsm/ops/integration/v2/alerts",
} as const;
const PRIORITIES = { critical: "P1", warning: "P3", info: "P5" } as const;
const MESSAGE_CHARS = 130;
const TEXT_CHARS = 15_000;
const NAME_CHARS = 100;

/** One for each time that it fires, so that what follows finds it. */
const aliasOf = ({ site, incident }: SentMessage): string => `${site.id}.${incident.id}.${incident.turn}`;

function alertOf(message: SentMessage) {
  const { site, incident, link, chart } = message;
  const { severity, value, expected } = incident;
  return {
    message: cut(titleOf(message), MESSAGE_CHARS),
    alias: aliasOf(message),
    description: cut(bodyOf(message), TEXT_CHARS),
    priority: PRIORITIES[severity],
    source: "Edgewise",
    entity: cut(site.name, NAME_CHARS),
    details: {
      value: String(value ?? "unknown"),
      expected: String(expected ?? "unknown"),
      ...(link !== "" && { link }),
      ...(chart && { chart: chart.url }),
    },
  };
}

/** The Alert API: https://docs.opsgenie.com/docs/alert-api. */
export const opsgenie: Channel<z.infer<typeof config>> = {
  label: "Opsgenie",
  about: "Opens an alert at Opsgenie or Jira Service Management, acknowledges and closes it. A test is closed at once.",
  config,
  async deliver(message, { apiKey, region }, { fetch }) {
    const ask = async (path: string, body: unknown) =>
      deliveredBy(await fetch(ADDRESSES[region] + path, postedJson(body, { authorization: `GenieKey ${apiKey}` })));
    const follow = (verb: "acknowledge" | "close") =>
      ask(`/${encodeURIComponent(aliasOf(message))}/${verb}?identifierType=alias`, { source: "Edgewise" });
    if (message.kind === "acknowledged") return follow("acknowledge");
    if (message.kind === "resolved") return follow("close");
    const opened = await ask("", alertOf(message));
    return message.kind === "test" && opened.result === "sent" ? follow("close") : opened;
  },
};
