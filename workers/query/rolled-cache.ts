// Parsed roll-ups of a site, held while no shard of it has rolled anything up anew.

import type { Rolled } from "../analyses/roll-up.ts";

interface SiteRolls {
  /** The shards' last versions. */
  rolls: string;
  buckets: Map<string, { rolled: Rolled[]; chars: number }>;
}

export interface RolledCache {
  /** The site's buckets by key; empty when something was rolled up since. */
  of(
    site: string,
    rolls: string,
  ): { get(key: string): Rolled[] | undefined; set(key: string, rolled: Rolled[], chars: number): void };
}

/** `most`: characters of the rows that what is held was made of; sites used longest ago leave first. */
export function createRolledCache(most: number): RolledCache {
  const sites = new Map<string, SiteRolls>();
  let held = 0;

  function forget(site: string): void {
    for (const { chars } of sites.get(site)?.buckets.values() ?? []) held -= chars;
    sites.delete(site);
  }

  return {
    of(site, rolls) {
      if (sites.get(site)?.rolls !== rolls) forget(site);
      const own = sites.get(site) ?? { rolls, buckets: new Map() };
      sites.delete(site);
      sites.set(site, own);
      return {
        get: (key) => own.buckets.get(key)?.rolled,
        set(key, rolled, chars) {
          if (own.buckets.has(key) || chars > most) return;
          own.buckets.set(key, { rolled, chars });
          held += chars;
          for (const other of sites.keys()) {
            if (held <= most) return;
            forget(other);
          }
        },
      };
    },
  };
}
