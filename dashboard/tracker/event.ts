// From a name and options to a payload on its way, or to nothing where this visitor or page is not counted.

import { pass } from "./consent/gate.ts";
import { options, pageProps } from "./options.ts";
import { type Outcome, type Payload, post } from "./send.ts";

export interface EventOptions extends Partial<Payload> {
  /** Page the event belongs to, absolute or relative; the page last viewed when left out. */
  url?: string;
  callback?: (outcome: Outcome) => void;
}

declare global {
  /** Which of the two scripts is built. The other's code is left out. */
  const WITH_CONSENT: boolean;
}

/** The page that events belong to; `url` is "" before the first view. */
export const page = { url: "", referrer: document.referrer };

const pageId = Math.random().toString(36).slice(2);
let count = 0;

export function track(name: string, event: EventOptions = {}): void {
  const url = new URL(event.url || page.url || location.href, location.href);
  if (options.hash == null) url.hash = "";
  // Here, where the address has proved to be one: a bad one must not spoil the events that follow.
  if (name === "pageview") page.url = url.href;
  const path = url.pathname + url.hash;
  const payload: Payload = {
    ...event,
    name,
    url: url.href.slice(0, 4096),
    // Without a site the server refuses, which its owner sees at once in the network panel.
    site: options.site!,
    referrer: page.referrer,
    title: document.title.slice(0, 500),
    id: `${pageId}-${count}`,
    props: { ...pageProps, ...event.props },
    width: innerWidth,
  };
  if (
    isIgnored() ||
    matches(options.exclude ?? "", path) ||
    !matches(options.include ?? "*", path) ||
    // The server takes no more of an event.
    JSON.stringify(payload).length > 3e4 ||
    // Beyond ten a second since the page began, and a hundred, something on the page runs wild.
    count > 100 + performance.now() / 100
  ) {
    event.callback?.({});
  } else {
    count++;
    if (WITH_CONSENT) pass(payload, event.callback);
    else post(payload).then(event.callback);
  }
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
