import { Webhook } from "standardwebhooks";
import * as z from "zod";
import {
  type Channel,
  type ChannelPorts,
  type Delivered,
  deliveredBy,
  isoTime,
  type Note,
  postedJson,
} from "../channel.ts";

const secret = z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "use whsec_ and at least 24 bytes in base64");

const config = z.strictObject({
  url: z.url().max(2000).meta({
    title: "Address",
    description: "https, and reachable from the internet.",
    writeOnly: true,
  }),
  secret: secret.meta({
    title: "Signing secret",
    description: "Give it to the receiver now; it is not shown again.",
    generate: "whsec",
    writeOnly: true,
  }),
  /** The secret before this one. It signs too, until receivers know the new one. */
  former: z.strictObject({ secret, until: z.int() }).optional().meta({ readOnly: true }),
});

type Config = z.infer<typeof config>;

export const BOTH_SIGN_MS = 24 * 3600_000;

async function post(
  { key, type, at, data }: Pick<Note, "key" | "type" | "at" | "data">,
  { url, secret, former }: Config,
  { fetch, now }: ChannelPorts,
): Promise<Delivered> {
  const body = { type, timestamp: isoTime(at), data };
  const secrets = former && former.until > now ? [secret, former.secret] : [secret];
  const signed = secrets.map((one) => new Webhook(one).sign(key, new Date(now), JSON.stringify(body)));
  const headers = {
    "webhook-id": key,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": signed.join(" "),
  };
  return deliveredBy(await fetch(url, postedJson(body, headers)));
}

/** As the Standard Webhooks specification 1.0 says: https://www.standardwebhooks.com. */
export const webhook: Channel<Config> = {
  label: "Webhook",
  about: "Posts JSON to an address of yours, signed as Standard Webhooks says.",
  config,
  changed(before, after, now) {
    const former =
      before.secret === after.secret ? before.former : { secret: before.secret, until: now + BOTH_SIGN_MS };
    return { ...after, ...(former && { former }) };
  },
  deliver({ key, kind, site, incident, at, link, top, chart }, settings, ports) {
    const data = { site, incident, link, top, chart: chart?.url ?? "" };
    return post({ key, type: `alert.${kind}`, at, data }, settings, ports);
  },
  tell: (note, settings, ports) => post(note, settings, ports),
};
