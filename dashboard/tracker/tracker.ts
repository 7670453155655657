// The beacon script's entry: takes over the queue that the snippet began and starts, once the page is really shown.

import { type ConsentCalls, consentCalls, type Said, startConsent } from "./consent/start.ts";
import { type EventOptions, track } from "./event.ts";
import { watchLinks } from "./links.ts";
import { on, safe } from "./safe.ts";
import { notice, view, watchViews } from "./views.ts";

export type Call = [name: string, options?: EventOptions];

export interface Edgewise extends Partial<ConsentCalls> {
  /** `edgewise("signup", { props: { plan: "pro" } })`; the name `pageview` counts a view, with data-manual the only way. */
  (...call: Call): void;
  /** The snippet's list of calls; once the script has started, something that runs what is pushed. */
  q?: { push(call: Call): unknown; forEach?(each: (call: Call) => void): void };
}

declare global {
  interface Window {
    edgewise?: Edgewise;
  }
  interface Document {
    readonly prerendering?: boolean;
  }
}

const early = window.edgewise?.q ?? [];
const edgewise: Edgewise & Required<Pick<Edgewise, "q">> = (...call) => edgewise.q.push(call);
edgewise.q = early;
if (WITH_CONSENT) Object.assign(edgewise, consentCalls);

// Without a list this tag is a second one of its kind: put in twice, the script counts once.
if (early.forEach) {
  window.edgewise = edgewise;
  if (document.prerendering) on("prerenderingchange", start);
  else start();
}

function start(): void {
  if (WITH_CONSENT) startConsent();
  notice();
  edgewise.q = { push: safe(run) };
  early.forEach?.(edgewise.q.push);
  watchLinks();
  watchViews();
}

function run([name, event]: Call): void {
  // As the snippet's functions say it before the script is there.
  if (WITH_CONSENT && name === "$consent") {
    consentCalls.consent(event as Said); // by the page's own word
  } else if (WITH_CONSENT && name === "$identify") {
    consentCalls.identify(event as unknown as string); // likewise
  } else if (name === "pageview") {
    view(event);
  } else {
    notice();
    track(name, event);
  }
}
