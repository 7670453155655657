import { metrics } from "../metrics/index.ts";
import type { Pack, PackMetric } from "../pack.ts";
import { agents } from "./agents.ts";
import { content } from "./content.ts";
import { marketplace } from "./marketplace.ts";
import { product } from "./product.ts";
import { web } from "./web.ts";

export const packs = { agents, content, marketplace, product, web } satisfies Record<string, Pack>;

const all: Readonly<Record<string, PackMetric>> = Object.assign(
  {},
  ...Object.values(packs).map((pack) => pack.metrics),
);

export function packMetric(name: string): PackMetric | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/** Every metric that there is for all sites, with those of packs. */
export const CATALOGUED: readonly string[] = [...Object.keys(metrics), ...Object.keys(all)];

export function isCatalogued(name: string): boolean {
  return CATALOGUED.includes(name);
}
