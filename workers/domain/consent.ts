// Consent: what a visitor may be asked, where, and what may be kept of an event by the answer. Free of zod, so that the
// dashboard may import it.
import { REGIONS_THAT_ASK } from "./consent-regions.ts";
import type { Consent, ConsentState, Event } from "./event.ts";

export const PURPOSES = ["analytics", "experience", "marketing"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** How a site counts who was not asked, or has not answered. */
export const CONSENT_MODES = ["cookieless", "ask"] as const;
export const BEFORE_ANSWER = ["cookieless", "nothing"] as const;

export interface SiteConsent {
  /** `cookieless` asks nobody; `ask` asks where `regions` says so. Identities need a yes in both. */
  mode: (typeof CONSENT_MODES)[number];
  /** Until the answer: counted without an identity, or not at all. Of `ask`. */
  before: (typeof BEFORE_ANSWER)[number];
  /** Where to ask: EEA, United Kingdom and Switzerland; everywhere; or the countries named. Of `ask`. */
  regions: "default" | "everywhere" | string[];
  /** What is asked for. Of `ask`. */
  purposes: Purpose[];
}

export const DEFAULT_CONSENT: SiteConsent = {
  mode: "cookieless",
  before: "cookieless",
  regions: "default",
  purposes: ["analytics"],
};

/** Whether a visitor there is to be asked. A place that nobody knows may be one where the law says so. */
export function asksIn({ mode, regions }: SiteConsent, country: string): boolean {
  if (mode !== "ask") return false;
  if (regions === "everywhere" || country === "") return true;
  return (regions === "default" ? REGIONS_THAT_ASK : regions).includes(country);
}

interface Allowance {
  /** What a yes to the purpose allows, for people. */
  readonly allows: string;
  /** What stays away without it. */
  readonly clears: readonly ("userId" | "persistentId" | "utmTerm" | "utmContent")[];
  /** Whether silence counts as a yes, since what is cleared is no identity. */
  readonly unlessDenied?: true;
  /** The only events it is about; all, when left out. */
  readonly events?: readonly string[];
}

/**
 * What each purpose allows: the one table that ingest, the guide and the settings follow. Campaign, source and medium name
 * no person and stay in any case; the values of advertising click ids are never kept, whatever was allowed.
 */
export const ALLOWANCES: Readonly<Record<Purpose, Allowance>> = {
  analytics: {
    allows: "recognise the visitor on other days, and as the user that the site names",
    clears: ["userId", "persistentId"],
  },
  experience: {
    allows: "know who saw which variant of an experiment or feature; without it variants are counted, not persons",
    clears: ["userId", "persistentId"],
    events: ["experiment_exposed", "feature_exposed"],
  },
  marketing: {
    allows: "keep the term and content of a campaign, which newsletters use to single out a reader",
    clears: ["utmTerm", "utmContent"],
    unlessDenied: true,
  },
};

const NOBODY_ASKED: Consent = { analytics: "unknown", experience: "unknown", marketing: "unknown" };
const isAllowed = (state: ConsentState, { unlessDenied }: Allowance): boolean =>
  state === "granted" || (unlessDenied === true && state === "unknown");

/** Takes out of an event what its visitor did not allow. */
export function keepAllowed(event: Event): void {
  const consent = event.consent ?? NOBODY_ASKED;
  for (const purpose of PURPOSES) {
    const allowance = ALLOWANCES[purpose];
    if (isAllowed(consent[purpose], allowance)) continue;
    if (allowance.events && !allowance.events.includes(event.name)) continue;
    for (const field of allowance.clears) event[field] = "";
  }
}

/** Answer to a browser that asks whether its visitor is to be asked. */
export interface ConsentQuestion {
  ask: boolean;
  /** What is sent until there is an answer. */
  before: SiteConsent["before"];
  purposes: Purpose[];
}
