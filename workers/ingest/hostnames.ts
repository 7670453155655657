import { withoutWww } from "./sources/match-source.ts";

/** Whether `hostname` (lower case) is one of `allowed`; `*.example.com` covers subdomains and example.com itself. */
export function hostAllowed(hostname: string, allowed: readonly string[]): boolean {
  return allowed.some((entry) =>
    entry.startsWith("*.") ? hostname === entry.slice(2) || hostname.endsWith(entry.slice(1)) : hostname === entry,
  );
}

/** Recognises, with or without `www.`, the page's own host and the site's others: coming from there is no arrival. */
export function ownHosts(hostname: string, siteHosts: readonly string[]): (host: string) => boolean {
  const own = withoutWww(hostname);
  return (host) => host === own || hostAllowed(host, siteHosts) || hostAllowed(`www.${host}`, siteHosts);
}
