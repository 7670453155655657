import { assistants } from "./ai.ts";
import { displayNetworks } from "./display.ts";
import { mailServices } from "./email.ts";
import { paidSearch } from "./paid-search.ts";
import { referrers } from "./referral.ts";
import { searchEngines } from "./search.ts";
import { shops } from "./shopping.ts";
import { socialNetworks } from "./social.ts";
import { videoPlatforms } from "./video.ts";

/**
 * Who sends visitors, by kind: shown name → hosts, separated by spaces. A host covers its subdomains, `google.*` covers
 * every top-level domain (google.de, google.co.uk), a package name is an Android app. The most specific host wins, and
 * among equal names the kind that stands first.
 */
export const KNOWN_SOURCES = {
  search: searchEngines,
  social: socialNetworks,
  video: videoPlatforms,
  shopping: shops,
  email: mailServices,
  ai: assistants,
  display: displayNetworks,
  paid_search: paidSearch,
  referral: referrers,
} as const satisfies Record<string, Record<string, string>>;

export type SourceKind = keyof typeof KNOWN_SOURCES;
