// The pages of the simulated site, a small software company with a shop, and how people walk through them.

import type { Random, Weighted } from "./random.ts";

export type Section =
  | "home"
  | "pricing"
  | "features"
  | "docs"
  | "blog"
  | "signup"
  | "shop"
  | "product"
  | "cart"
  | "checkout";

export interface Page {
  section: Section;
  path: string;
  title: string;
}

export interface Product {
  slug: string;
  name: string;
  /** EUR. */
  price: number;
}

export const PRODUCTS: readonly Product[] = [
  { slug: "desk-lamp", name: "Desk lamp", price: 59 },
  { slug: "notebook", name: "Notebook", price: 14.5 },
  { slug: "travel-mug", name: "Travel mug", price: 24 },
  { slug: "keyboard", name: "Keyboard", price: 129 },
  { slug: "wall-calendar", name: "Wall calendar", price: 19.9 },
  { slug: "backpack", name: "Backpack", price: 89 },
  { slug: "sticker-set", name: "Sticker set", price: 6 },
  { slug: "headphones", name: "Headphones", price: 179 },
];

const ARTICLES = [
  ["we-removed-our-cookie-banner", "We removed our cookie banner"],
  ["counting-without-cookies", "Counting without cookies"],
  ["a-database-in-every-shard", "A database in every shard"],
  ["what-a-bounce-is", "What a bounce is, and what it is not"],
  ["pricing-experiments", "What we learned from a year of pricing experiments"],
  ["one-million-events", "The first million events"],
  ["newsletter-that-people-read", "A newsletter that people read"],
  ["funnels-for-shops", "Funnels for small shops"],
  ["utm-parameters", "UTM parameters, explained once"],
  ["dark-traffic", "Where direct traffic comes from"],
  ["release-autumn", "The autumn release"],
  ["hiring-in-public", "Hiring in public"],
] as const;

const DOCS = [
  ["getting-started", "Getting started"],
  ["install-the-script", "Install the script"],
  ["custom-events", "Custom events"],
  ["goals", "Goals"],
  ["api", "Stats API"],
  ["import", "Import your history"],
  ["self-hosting", "Self-hosting"],
] as const;

/** Where people go from a section; `leave` ends the visit. */
const NEXT: Record<Section, readonly Weighted<Section | "leave">[]> = {
  home: [
    [38, "leave"],
    [16, "pricing"],
    [13, "features"],
    [14, "shop"],
    [9, "docs"],
    [6, "blog"],
    [4, "signup"],
  ],
  features: [
    [35, "leave"],
    [30, "pricing"],
    [15, "docs"],
    [10, "signup"],
    [10, "home"],
  ],
  pricing: [
    [46, "leave"],
    [22, "signup"],
    [12, "features"],
    [12, "docs"],
    [8, "home"],
  ],
  docs: [
    [42, "leave"],
    [44, "docs"],
    [8, "pricing"],
    [6, "home"],
  ],
  blog: [
    [64, "leave"],
    [18, "blog"],
    [10, "home"],
    [8, "pricing"],
  ],
  signup: [
    [60, "leave"],
    [30, "docs"],
    [10, "home"],
  ],
  shop: [
    [28, "leave"],
    [58, "product"],
    [14, "shop"],
  ],
  product: [
    [40, "leave"],
    [26, "product"],
    [22, "cart"],
    [12, "shop"],
  ],
  cart: [
    [34, "leave"],
    [48, "checkout"],
    [18, "product"],
  ],
  checkout: [
    [80, "leave"],
    [20, "home"],
  ],
};

export function nextSection(random: Random, section: Section): Section | "leave" {
  return random.pick(NEXT[section]);
}

/** A page of the section; of articles and guides the first are read most (Zipf). */
export function pageOf(random: Random, section: Section): Page {
  const plain = (path: string, title: string): Page => ({ section, path, title });
  switch (section) {
    case "home":
      return plain("/", "Demo shop");
    case "blog": {
      const [slug, title] = zipf(random, ARTICLES);
      return plain(`/blog/${slug}`, title);
    }
    case "docs": {
      const [slug, title] = zipf(random, DOCS);
      return plain(`/docs/${slug}`, title);
    }
    case "product": {
      const { slug, name } = zipf(random, PRODUCTS);
      return plain(`/shop/${slug}`, name);
    }
    default:
      return plain(`/${section}`, section[0]?.toUpperCase() + section.slice(1));
  }
}

/** The n-th is chosen with a probability in proportion to 1/n. */
function zipf<T>(random: Random, entries: readonly T[]): T {
  return random.pick(entries.map((entry, i) => [1 / (i + 1), entry] as const));
}
