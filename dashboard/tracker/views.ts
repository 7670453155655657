// Page views and the attention between them: time with the page visible and focused, and how far down it was seen.

import { type EventOptions, page, track } from "./event.ts";
import { options } from "./options.ts";
import { on, safe } from "./safe.ts";
import { postWaiting } from "./send.ts";

/** "" before the first view, and after the page went into the browser's cache: the next look counts it. */
let seenPath = "";

/** When attention was last seen to begin or go on; 0 while it is elsewhere. */
let since = 0;
let attentionMs = 0;
let deepest = 0;
let height = 0;

const currentPath = () => location.pathname + (options.hash == null ? "" : location.hash);

export function view(event: EventOptions = {}): void {
  leave();
  if (page.url) page.referrer = "";
  page.url = "";
  seenPath = currentPath();
  deepest = height = 0;
  setTimeout(measureScroll, 1000);
  track("pageview", event);
}

/** Counts a view if the address has moved on. Asking twice does no harm. */
export function notice(): void {
  if (options.manual == null && seenPath !== currentPath()) view();
}

/** After the router's own work, so that a redirect is one view and the title is the new page's. */
const noticeSoon = () => setTimeout(safe(notice));

function look(): void {
  const now = performance.now();
  if (since) attentionMs += now - since;
  since = !document.hidden && document.hasFocus() ? now : 0;
}

function measureScroll(): void {
  height = document.documentElement.scrollHeight;
  deepest = Math.max(deepest, scrollY + innerHeight);
}

/** Sends what was gathered for the page viewed, and starts anew. */
function leave(): void {
  look();
  if (options.engagement !== "off" && seenPath && attentionMs >= 1) {
    track("engagement", {
      engagement: attentionMs,
      // Not a number where the page was left before it was measured.
      scroll: Math.min(1, deepest / height) * 100 || 0,
    });
  }
  attentionMs = 0;
}

function hide(): void {
  measureScroll();
  leave();
  postWaiting();
}

export function watchViews(): void {
  on("scroll", measureScroll);
  on("pageshow popstate", noticeSoon);
  on("visibilitychange focus blur", () => {
    look();
    if (document.hidden) hide();
  });
  on("pagehide", () => {
    hide();
    seenPath = "";
  });
  // Tells of routers that kept a reference to the unwrapped functions too; not in every browser.
  window.navigation?.addEventListener("currententrychange", noticeSoon);
  for (const method of ["pushState", "replaceState"] as const) {
    const original = history[method];
    history[method] = function (...args) {
      original.apply(this, args);
      noticeSoon();
    };
  }
}
