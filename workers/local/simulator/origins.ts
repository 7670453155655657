// What brings a visit: the referrer, the campaign in the address, and where it lands.

import type { Wave } from "./load.ts";
import type { Random, Weighted } from "./random.ts";

export interface Origin {
  referrer?: string;
  /** Query of the landing page's address. */
  query?: string;
  landing: "home" | "blog" | "docs" | "pricing" | "shop";
}

const FIRST: readonly Weighted<Origin>[] = [
  [17, { referrer: "https://www.google.com/", landing: "blog" }],
  [13, { referrer: "https://www.google.com/", landing: "home" }],
  [9, { referrer: "https://www.google.com/", landing: "docs" }],
  [4, { referrer: "https://duckduckgo.com/", landing: "home" }],
  [3, { referrer: "https://www.bing.com/", landing: "home" }],
  [18, { landing: "home" }],
  [6, { referrer: "https://chatgpt.com/", query: "utm_source=chatgpt.com", landing: "docs" }],
  [2, { referrer: "https://www.perplexity.ai/", landing: "docs" }],
  [5, { referrer: "https://github.com/", landing: "docs" }],
  [4, { referrer: "https://t.co/4fQk2", landing: "blog" }],
  [3, { referrer: "https://www.linkedin.com/", landing: "home" }],
  [3, { referrer: "https://www.reddit.com/r/selfhosted/", landing: "blog" }],
  [2, { referrer: "https://www.youtube.com/", landing: "home" }],
  [6, { query: "utm_source=google&utm_medium=cpc&utm_campaign=brand", landing: "pricing" }],
  [4, { query: "utm_source=instagram&utm_medium=paid_social&utm_campaign=shop-autumn", landing: "shop" }],
  [2, { query: "utm_source=partner&utm_medium=affiliate&utm_campaign=toolbox", landing: "shop" }],
];

const AGAIN: readonly Weighted<Origin>[] = [
  [52, { landing: "home" }],
  [14, { landing: "docs" }],
  [16, { referrer: "https://www.google.com/", landing: "home" }],
  [10, { query: "utm_source=newsletter&utm_medium=email&utm_campaign=weekly", landing: "blog" }],
  [8, { query: "utm_source=newsletter&utm_medium=email&utm_campaign=weekly", landing: "shop" }],
];

const CAMPAIGN: readonly Weighted<Origin>[] = [
  [5, { query: "utm_source=newsletter&utm_medium=email&utm_campaign=launch&utm_content=hero", landing: "pricing" }],
  [3, { query: "utm_source=newsletter&utm_medium=email&utm_campaign=launch&utm_content=footer", landing: "shop" }],
  [3, { query: "utm_source=linkedin&utm_medium=paid_social&utm_campaign=launch", landing: "pricing" }],
  [2, { query: "utm_source=google&utm_medium=cpc&utm_campaign=launch&utm_term=web%20analytics", landing: "pricing" }],
];

const FRONT_PAGE: Origin = { referrer: "https://news.ycombinator.com/", landing: "blog" };

export function pickOrigin(random: Random, wave: Wave, returning: boolean): Origin {
  if (wave === "front-page") return FRONT_PAGE;
  if (wave === "campaign") return random.pick(CAMPAIGN);
  return random.pick(returning ? AGAIN : FIRST);
}
