import { encryptNotification, vapidHeaders } from "@block65/webcrypto-web-push";
import * as z from "zod";
import { bodyOf, type Channel, cut, deliveredBy, type SentMessage, titleOf } from "../channel.ts";

const ofBrowser = { generate: "push", writeOnly: true } as const;

const config = z.strictObject({
  url: z
    .url()
    .max(2000)
    .meta({ title: "Address of the browser's push service", ...ofBrowser }),
  p256dh: z
    .string()
    .regex(/^B[\w-]{86}$/, "use the subscription's key, a point of 65 bytes in base64url")
    .meta({ title: "The browser's key", ...ofBrowser }),
  auth: z
    .string()
    .regex(/^[\w-]{22}$/, "use the subscription's secret, 16 bytes in base64url")
    .meta({ title: "The browser's secret", ...ofBrowser }),
});

const TTL_SECONDS = 24 * 3600;
const TITLE_CHARS = 150;
// All of it has 3,993 bytes, and a character up to three.
const TEXT_CHARS = 400;
const LINK_BYTES = 1200;
/** Where a deployment has no address that is reached from outside; Safari's service asks for one. */
const NO_ADDRESS = "https://localhost";

const fits = (link: string): string => (new TextEncoder().encode(link).length <= LINK_BYTES ? link : "");

/** What the service worker of the dashboard (`dashboard/public/push.js`) shows. */
export function shownByBrowser(message: SentMessage) {
  const { incident, link, acknowledge } = message;
  return {
    title: cut(titleOf(message), TITLE_CHARS),
    body: cut(bodyOf(message), TEXT_CHARS),
    /** What follows takes the place of what was before it. */
    tag: incident.id,
    link: fits(link),
    acknowledge: fits(acknowledge),
  };
}

/** At most 32 characters; of one incident a browser that was off is told the last word alone. */
async function topicOf({ site, incident }: SentMessage): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${site.id} ${incident.id}`));
  return Array.from(new Uint8Array(bytes).slice(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Web Push: RFC 8030, encrypted as RFC 8291 says, under the deployment's key (RFC 8292). */
export const push: Channel<z.infer<typeof config>> = {
  label: "Browser notification",
  about:
    "Shows it in this browser, also while no page of the dashboard is open. Made anew in each browser that is to show it.",
  config,
  async deliver(message, { url, p256dh, auth }, { fetch, pushKey }) {
    const { kind, incident, link } = message;
    const subscription = { endpoint: url, expirationTime: null, keys: { p256dh, auth } };
    const subject = link.startsWith("https:") ? new URL(link).origin : NO_ADDRESS;
    const { headers } = await vapidHeaders(subscription, { subject, ...(await pushKey()) });
    const shown = new TextEncoder().encode(JSON.stringify(shownByBrowser(message)));
    const response = await fetch(url, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        ttl: String(TTL_SECONDS),
        urgency: kind === "firing" && incident.severity !== "info" ? "high" : "normal",
        topic: await topicOf(message),
      },
      body: await encryptNotification(subscription, shown),
    });
    const delivered = await deliveredBy(response);
    // How push services say that a subscription has ended.
    return response.status === 404 ? { ...delivered, result: "gone" } : delivered;
  },
};
