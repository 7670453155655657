import { hostOf, parseUrl, readable } from "../page-url.ts";
import { channelOf } from "./channel.ts";
import { CLICK_IDS } from "./click-ids.ts";
import { type Source, sourceOfHost, sourceOfTag, withoutWww } from "./match-source.ts";

export interface Arrival {
  /** The referring page's address as sent; may be "" or nonsense. */
  referrer: string;
  tag: string;
  clickId: string;
  /** `utm_medium` and `utm_campaign`. */
  medium: string;
  campaign: string;
  /** Whether a host (lower case, without `www.`) belongs to the site itself. */
  isOwnHost(host: string): boolean;
}

export interface TracedOrigin {
  /** Host and path of the referrer, without `www.`, query and final slash; "" for none or the site's own. */
  referrer: string;
  /** The shown name, "" for a direct visit. */
  source: string;
  channel: string;
}

const NOWHERE: Source = { name: "", kind: "" };

/** Where a visit came from. What the link says of itself wins over the referrer, and that over a click id. */
export function traceOrigin({ referrer, tag, clickId, medium, campaign, isOwnHost }: Arrival): TracedOrigin {
  const foreign = foreignReferrer(referrer, isOwnHost);
  const click = CLICK_IDS[clickId];
  const source =
    (tag && sourceOfTag(tag)) ||
    (foreign && sourceOfHost(foreign.host)) ||
    (click && sourceOfTag(click.source)) ||
    NOWHERE;
  const channel = channelOf({
    kind: source.kind,
    known: source.name !== "",
    tag,
    medium,
    campaign,
    paidClick: click?.paid ?? false,
  });
  return { referrer: foreign?.page ?? "", source: source.name, channel };
}

function foreignReferrer(referrer: string, isOwnHost: (host: string) => boolean) {
  if (referrer === "") return undefined;
  const url = parseUrl(referrer);
  if (!url) return undefined;
  const host = withoutWww(hostOf(url));
  if (isOwnHost(host)) return undefined;
  const path = readable(url.pathname);
  return { host, page: host + (path.endsWith("/") ? path.slice(0, -1) : path) };
}
