// From a name and options to a payload on its way, or to nothing where this visitor or page is not counted.

import { options, pageProps } from "./options.ts";
import { type Outcome, type Payload, post, postLeaving } from "./send.ts";

export interface EventOptions {
  props?: Payload["props"];
  revenue?: Payload["revenue"];
  /** Page the event belongs to, absolute or relative; the page last viewed when left out. */
  url?: string;
  callback?: (outcome: Outcome) => void;
}

/** Sent with `sendBeacon`, since the page is being left. */
export interface Attention {
  engagement: number;
  scroll: number;
}

/** The page that events belong to; `url` is "" before the first view. */
export const page = { url: "", referrer: document.referrer };

const pageId = crypto.getRandomValues(new BigUint64Array(1))[0]!.toString(36);
let count = 0;

export function track(name: string, event: EventOptions = {}, attention?: Attention): void {
  const url = new URL(event.url || page.url || location.href, location.href);
  if (options.hash == null) url.hash = "";
  // Here, where the address has proved to be one: a bad one must not spoil the events that follow.
  if (name === "pageview") page.url = url.href;
  const path = url.pathname + url.hash;
  if (isIgnored() || matches(options.exclude ?? "", path) || !matches(options.include ?? "*", path)) {
    event.callback?.({});
    return;
  }
  const payload: Payload = {
    name,
    url: url.href.slice(0, 4096),
    // Without a site the server refuses, which its owner sees at once in the network panel.
    site: options.site!,
    referrer: page.referrer,
    title: document.title.slice(0, 500),
    id: `${pageId}-${count++}`,
    props: { ...pageProps, ...event.props },
    revenue: event.revenue,
    width: innerWidth,
    ...attention,
  };
  attention ? postLeaving(payload) : post(payload).then(event.callback);
}

/** The owner's own browser: `localStorage.edgewise_ignore = "true"`. */
function isIgnored(): boolean | undefined {
  try {
    return localStorage.edgewise_ignore === "true";
  } catch {}
}

/** `patterns` are separated by commas; `*` stands for any characters. */
function matches(patterns: string, path: string): boolean {
  const escaped = patterns.replace(/[^\w\s,*]/g, "\\$&");
  return RegExp(`^(${escaped.replace(/,\s*/g, "|").replace(/\*/g, ".*")})$`).test(path);
}
