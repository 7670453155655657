import { createRecentCache } from "../recent-cache.ts";
import { SOURCE_ALIASES } from "./aliases.ts";
import { KNOWN_SOURCES, type SourceKind } from "./known/index.ts";

export interface Source {
  /** The shown name; a host or tag nobody knows is its own name. */
  name: string;
  /** "" when unknown. */
  kind: SourceKind | "";
}

interface SourceIndex {
  /** Whole hosts and package names. */
  hosts: Map<string, Source>;
  /** Hosts under any top-level domain, without it: `mail.google`. */
  stems: Map<string, Source>;
  /** Lower-case names. */
  names: Map<string, Source>;
}

let index: SourceIndex | undefined;

function sourceIndex(): SourceIndex {
  index ??= buildIndex();
  return index;
}

function buildIndex(): SourceIndex {
  const built: SourceIndex = { hosts: new Map(), stems: new Map(), names: new Map() };
  for (const kind of sourceKinds()) {
    for (const [name, hosts] of Object.entries(KNOWN_SOURCES[kind])) {
      const source: Source = { name, kind };
      // A name in two kinds (Google searches and advertises) belongs to the kind that stands first.
      if (!built.names.has(name.toLowerCase())) built.names.set(name.toLowerCase(), source);
      for (const host of hosts.split(" ")) {
        if (host.endsWith(".*")) built.stems.set(host.slice(0, -2), source);
        else built.hosts.set(host.toLowerCase(), source);
      }
    }
  }
  for (const [alias, name] of Object.entries(SOURCE_ALIASES)) {
    const source = built.names.get(name.toLowerCase());
    if (source) built.names.set(alias, source);
  }
  return built;
}

function sourceKinds(): SourceKind[] {
  return Object.keys(KNOWN_SOURCES) as SourceKind[]; // the table's type says that these are its keys
}

const byHost = createRecentCache<Source>(2000, 253);
const byTag = createRecentCache<Source>(1000, 200);

/** The source behind a host name (lower case) or an Android package. */
export function sourceOfHost(host: string): Source {
  return byHost.get(host, lookUpHost);
}

/** The source that a link names itself: `utm_source=fb`, `ref=producthunt`, `utm_source=chatgpt.com`. */
export function sourceOfTag(tag: string): Source {
  return byTag.get(tag, lookUpTag);
}

function lookUpTag(tag: string): Source {
  const name = tag.toLowerCase();
  const named = sourceIndex().names.get(name);
  if (named) return named;
  const host = name.includes(".") ? lookUpHost(withoutWww(name)) : undefined;
  return host?.kind ? host : { name: tag, kind: "" };
}

function lookUpHost(host: string): Source {
  const { hosts, stems } = sourceIndex();
  return longestSuffix(host, hosts) ?? longestSuffix(stemOf(host), stems) ?? { name: withoutWww(host), kind: "" };
}

/** Tries `a.b.c`, `b.c`, `c`, so that a subdomain with an entry of its own comes before its parent. */
function longestSuffix(host: string, table: Map<string, Source>): Source | undefined {
  for (let at = 0; ; ) {
    const found = table.get(host.slice(at));
    if (found) return found;
    const dot = host.indexOf(".", at);
    if (dot === -1) return undefined;
    at = dot + 1;
  }
}

/** The host without its top-level domain, which may be of two parts: `images.google.co.uk` → `images.google`. */
function stemOf(host: string): string {
  return host.replace(/(?:\.(?:co|com|org|net|ne|or|gov|edu|ac))?\.[a-z]{2,}$/, "");
}

export function withoutWww(host: string): string {
  return host.startsWith("www.") ? host.slice(4) : host;
}
