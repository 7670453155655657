// The values that the reference data is made of, with the weights they are picked by.

const count = (length: number) => Array.from({ length }, (_, index) => index);

/** Zipf: the n-th is seen a n-th as often as the first. */
const PATHS = ["/", "/pricing", "/docs", ...count(497).map((n) => `/blog/post-${n + 1}`)];

export const VALUES = {
  path: { list: PATHS, weights: PATHS.map((_, rank) => 1 / (rank + 1)) },
  country: { list: ["US", "DE", "GB", "FR", "IN", "BR", "JP", "NL"], weights: [30, 18, 12, 10, 10, 8, 7, 5] },
  browser: { list: ["Chrome", "Safari", "Firefox", "Edge"], weights: [62, 20, 10, 8] },
  os: { list: ["Windows", "macOS", "Android", "iOS", "Linux"], weights: [40, 20, 20, 15, 5] },
  device: { list: ["Desktop", "Mobile", "Tablet"], weights: [60, 35, 5] },
  referrer: {
    list: ["", "google.com/", "news.ycombinator.com/", "blog.example.net/a"],
    weights: [45, 35, 12, 8],
  },
} as const;

/** In the order of the referrers. */
export const SOURCES = [
  { source: "", channel: "Direct" },
  { source: "Google", channel: "Organic Search" },
  { source: "Hacker News", channel: "Organic Social" },
  { source: "blog.example.net", channel: "Referral" },
] as const;

export const NAMES = ["pageview", "signup", "purchase", "click", "search"] as const;
export const HOSTNAME = "www.example.com";
/** The numeric property of everything but page views: a whole number from 1 to this. */
export const MOST_VALUE = 100;
