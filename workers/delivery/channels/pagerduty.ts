import * as z from "zod";
import { type Channel, cut, deliveredBy, isoTime, postedJson, type SentMessage, titleOf } from "../channel.ts";

const config = z.strictObject({
  routingKey: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, "use the integration key of 32 letters and digits")
    .meta({
      title: "Integration key",
      description: "Of an Events API v2 integration of your service.",
      writeOnly: true,
    }),
  region: z.enum(["us", "eu"]).default("us").meta({ title: "Region" }),
});

const ADDRESSES = {
  us: "https://events.pagerduty.com/v2/enqueue",
  eu: "https://events.eu.pagerduty.com/v2/enqueue",
} as const;
const ACTIONS = { firing: "trigger", acknowledged: "acknowledge", resolved: "resolve", test: "trigger" } as const;
const SUMMARY_CHARS = 1024;

function eventOf(message: SentMessage, action: (typeof ACTIONS)[SentMessage["kind"]], routingKey: string) {
  const { site, incident, at, link, top, chart } = message;
  const event = {
    routing_key: routingKey,
    event_action: action,
    // One for each time that it fires, so that what follows finds it.
    dedup_key: `${site.id}.${incident.id}.${incident.turn}`,
  };
  if (action !== "trigger") return event;
  const { severity, reason, value, expected } = incident;
  return {
    ...event,
    payload: {
      summary: cut(titleOf(message), SUMMARY_CHARS),
      source: site.name,
      severity,
      timestamp: isoTime(at),
      custom_details: { reason, value, expected, ...(top.length > 0 && { top }) },
    },
    client: "Edgewise",
    ...(link !== "" && { client_url: link }),
    // As a link: pictures are shown of other kinds only.
    ...(chart && { links: [{ href: chart.url, text: "Chart" }] }),
  };
}

/** Events API v2: https://developer.pagerduty.com/docs/send-alert-event. */
export const pagerduty: Channel<z.infer<typeof config>> = {
  label: "PagerDuty",
  about: "Opens an alert at a PagerDuty service, acknowledges and resolves it. A test is resolved at once.",
  config,
  async deliver(message, { routingKey, region }, { fetch }) {
    const send = (action: (typeof ACTIONS)[SentMessage["kind"]]) =>
      fetch(ADDRESSES[region], postedJson(eventOf(message, action, routingKey)));
    const first = await deliveredBy(await send(ACTIONS[message.kind]));
    if (message.kind !== "test" || first.result !== "sent") return first;
    return deliveredBy(await send("resolve"));
  },
};
