// Whose log is this? Log lines rarely name their host, but their referrers do.

import { isStaticPath } from "./page-view-rule.ts";

const REQUEST_AND_REFERRER = /"[A-Z]+ (\S+)[^"]*" \d{3} \S+ "https?:\/\/([^/":]+)/;

/**
 * The host that most static files in these lines were loaded from: a page's own images and styles name it as referrer.
 * Null unless at least three of them name one, and it has the majority.
 */
export function guessHost(lines: readonly string[]): string | null {
  const counts = new Map<string, number>();
  let total = 0;
  for (const line of lines) {
    const match = REQUEST_AND_REFERRER.exec(line);
    if (match === null || !isStaticPath(match[1] ?? "")) continue;
    const host = (match[2] ?? "").toLowerCase().replace(/^www\./, "");
    counts.set(host, (counts.get(host) ?? 0) + 1);
    total++;
  }
  const [host, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
  return count >= 3 && count > total / 2 ? host : null;
}

/** What `--host` is when it is not given. */
export function defaultHost(lines: readonly string[], site: string): string {
  return guessHost(lines) ?? (URL.canParse(`https://${site}/`) ? site.toLowerCase() : "localhost");
}
