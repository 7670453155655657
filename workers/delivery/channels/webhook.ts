import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { type Channel, deliveredBy, isoTime } from "../channel.ts";

const config = z.strictObject({
  url: z.url().max(2000).meta({ title: "Address", description: "https, and reachable from the internet." }),
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "use whsec_ and at least 24 bytes in base64")
    .meta({
      title: "Signing secret",
      description: "Give it to the receiver now; it is not shown again.",
      generate: "whsec",
    }),
});

/** As the Standard Webhooks specification 1.0 says: https://www.standardwebhooks.com. */
export const webhook: Channel<z.infer<typeof config>> = {
  label: "Webhook",
  about: "Posts JSON to an address of yours, signed as Standard Webhooks says.",
  config,
  async deliver({ key, kind, site, incident, at, link, top, chart }, { url, secret }, { fetch, now }) {
    const body = JSON.stringify({
      type: `alert.${kind}`,
      timestamp: isoTime(at),
      data: { site, incident, link, top, chart: chart?.url ?? "" },
    });
    const sentAt = new Date(now);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": String(Math.floor(now / 1000)),
        "webhook-signature": new Webhook(secret).sign(key, sentAt, body),
      },
      body,
    });
    return deliveredBy(response);
  },
};
