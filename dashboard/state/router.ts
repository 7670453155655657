// Pages by path. Ordinary links work: a click on one of our own is turned into a navigation without a reload.
import { signal } from "@preact/signals";
import { isSitePage, type SitePage } from "./site-pages.ts";

/** Pages for those who are not in yet. */
const ENTRY_PAGES = ["claim", "reset", "invitation", "sign-in", "acknowledge"] as const;
export type EntryPage = (typeof ENTRY_PAGES)[number];

/** Pages that are of no site. */
const OWN_PAGES = ["docs", "components", "profile", "system"] as const;

export type Route =
  | { page: "sites" }
  | { page: "new-site" }
  | { page: (typeof OWN_PAGES)[number] }
  | { page: EntryPage }
  | { page: "share"; shareId: string }
  /** `item` names what a page of many shows: a board, a funnel. */
  | { page: SitePage; siteId: string; item?: string }
  | { page: "not-found" };

export interface Place {
  path: string;
  /** Without the question mark. */
  query: string;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(path: string): Route {
  const [first, id, page, item, ...rest] = path.split("/").filter((part) => part !== "");
  if (first === undefined) return { page: "sites" };
  if (first === "new" && id === undefined) return { page: "new-site" };
  const own = OWN_PAGES.find((name) => name === first);
  if (own && id === undefined) return { page: own };
  const entry = ENTRY_PAGES.find((name) => name === first);
  if (entry && id === undefined) return { page: entry };
  if (first === "share" && id !== undefined && page === undefined) return { page: "share", shareId: decoded(id) };
  if (first !== "sites" || rest.length > 0) return { page: "not-found" };
  if (id === undefined) return { page: "sites" };
  if (page === undefined) return { page: "overview", siteId: decoded(id) };
  if (isSitePage(page)) return { page, siteId: decoded(id), ...(item === undefined ? {} : { item: decoded(item) }) };
  return { page: "not-found" };
}

export function siteHref(siteId: string, page: SitePage = "overview", query = ""): string {
  const path = `/sites/${encodeURIComponent(siteId)}${page === "overview" ? "" : `/${page}`}`;
  return query === "" ? path : `${path}?${query}`;
}

/** One of a page of many: a board, a funnel. */
export function itemHref(siteId: string, page: SitePage, item: string | number): string {
  return `${siteHref(siteId, page)}/${encodeURIComponent(item)}`;
}

const here = (): Place => ({ path: location.pathname, query: location.search.slice(1) });

export const place = signal<Place>({ path: "/", query: "" });

export function navigate(href: string, options: { replace?: boolean } = {}): void {
  const changesPage = new URL(href, location.href).pathname !== location.pathname;
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  place.value = here();
  if (changesPage) scrollTo(0, 0);
}

function ownLink(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return null;
  // Answers of the API are no pages of this app.
  if (link.pathname.startsWith("/api/")) return null;
  return link.getAttribute("href")?.startsWith("#") ? null : link;
}

export function startRouter(): void {
  place.value = here();
  addEventListener("popstate", () => {
    place.value = here();
  });
  document.addEventListener("click", (event) => {
    const link = ownLink(event);
    if (!link) return;
    event.preventDefault();
    navigate(link.href);
  });
}
