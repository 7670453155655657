import { cleanText } from "./payload.ts";
import { CLICK_IDS } from "./sources/click-ids.ts";

// What is kept of an address: host, path and the campaign. Everything else of the query is gone from here on.

export interface Campaign {
  source: string;
  medium: string;
  campaign: string;
  term: string;
  content: string;
}

export interface PageUrl {
  hostname: string;
  /** Percent-decoded for people where that is reversible; with the route when it is kept in the fragment. */
  path: string;
  utm: Campaign;
  /** `utm_source`, else `source`, else `ref`. */
  tag: string;
  /** Name of the advertising click id that the link carried, else "". */
  clickId: string;
}

const NO_CAMPAIGN: Campaign = { source: "", medium: "", campaign: "", term: "", content: "" };

/** Parses an address with a host; undefined when it is none. */
export function readPageUrl(address: string): PageUrl | undefined {
  const url = parseUrl(address);
  if (!url) return undefined;
  const hostname = hostOf(url);
  const path = readable(url.pathname || "/") + routeInFragment(url.hash);
  if (url.search === "") return { hostname, path, utm: NO_CAMPAIGN, tag: "", clickId: "" };
  return { hostname, path, ...readQuery(url.searchParams) };
}

/** An absolute URL that names a host, else undefined. */
export function parseUrl(address: string): URL | undefined {
  const url = URL.parse(address);
  return url && url.hostname !== "" ? url : undefined;
}

export function hostOf(url: URL): string {
  const host = url.hostname.toLowerCase();
  return host.endsWith(".") ? host.slice(0, -1) : host;
}

/** A path as people read it. `decodeURI` leaves `%2F` and its like alone, so that no two paths become one. */
export function readable(path: string): string {
  return path.includes("%") ? decoded(path) : path;
}

function decoded(path: string): string {
  try {
    return cleanText(decodeURI(path));
  } catch {
    return path;
  }
}

/** `#/users?page=2` → `#/users`; a fragment that is no route is a place within the page, and dropped. */
function routeInFragment(hash: string): string {
  if (!hash.startsWith("#/") && !hash.startsWith("#!/")) return "";
  const query = hash.indexOf("?");
  return readable(query === -1 ? hash : hash.slice(0, query));
}

function readQuery(query: URLSearchParams): Pick<PageUrl, "utm" | "tag" | "clickId"> {
  const value = (key: string) => cleanText(query.get(key) ?? "").trim();
  const source = value("utm_source");
  return {
    utm: {
      source,
      medium: value("utm_medium"),
      campaign: value("utm_campaign"),
      term: value("utm_term"),
      content: value("utm_content"),
    },
    tag: source || value("source") || value("ref"),
    clickId: Object.keys(CLICK_IDS).find((key) => query.has(key)) ?? "",
  };
}
