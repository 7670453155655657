import * as z from "zod";
import { type Channel, type ChannelPorts, cut, deliveredBy, titleOf } from "../channel.ts";

const number = z.string().regex(/^\+[1-9]\d{6,14}$/, "use + and the country, such as +12025550143");

const config = z.strictObject({
  accountSid: z
    .string()
    .regex(/^[\w-]{10,64}$/, "use the account's id, which begins with AC at Twilio")
    .meta({ title: "Account SID" }),
  authToken: z
    .string()
    .regex(/^[!-~]{8,200}$/, "use the token as the service shows it")
    .meta({ title: "Auth token", writeOnly: true }),
  from: z
    .string()
    .regex(/^(?:\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/, "use a number of the account, or a sender's name")
    .meta({ title: "From" }),
  to: number.meta({ title: "To" }),
  url: z.url().max(2000).default("https://api.twilio.com/2010-04-01").meta({
    title: "Address of the service",
    description: "Twilio's, or another's that takes the same requests.",
  }),
});

type Config = z.infer<typeof config>;

// Each further part is paid for: some four of them.
const TEXT_CHARS = 480;

async function post(text: string, { accountSid, authToken, from, to, url }: Config, fetch: ChannelPorts["fetch"]) {
  const response = await fetch(`${url.replace(/\/+$/, "")}/Accounts/${accountSid}/Messages.json`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
    },
    body: new URLSearchParams({ To: to, From: from, Body: text.trim() }).toString(),
  });
  return deliveredBy(response);
}

const withLink = (text: string, link: string): string => `${cut(text, TEXT_CHARS - link.length - 1)}\n${link}`.trim();

/** Twilio's Messages: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource. */
export const sms: Channel<Config> = {
  label: "SMS",
  about: "A short message by Twilio, or a service that takes the same requests.",
  config,
  paysByLength: true,
  deliver(message, settings, { fetch }) {
    const { link, incident, chart } = message;
    const told = withLink(
      `${titleOf(message)}
${incident.reason}`,
      link,
    );
    const withChart = chart
      ? `${told}
Chart: ${chart.url}`
      : told;
    return post(withChart.length <= TEXT_CHARS ? withChart : told, settings, fetch);
  },
  // The link alone is as long as a message.
  tell: ({ title, body }, settings, { fetch }) =>
    post(
      cut(
        `${title}
${body}`,
        TEXT_CHARS,
      ),
      settings,
      fetch,
    ),
};
