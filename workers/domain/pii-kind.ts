/** What counts as personal, and the word that stands in its place: `(e-mail)`. */
export const PII_KINDS = {
  email: { label: "E-mail addresses", mark: "e-mail" },
  phone: { label: "Phone numbers", mark: "phone" },
  card: { label: "Payment cards", mark: "card" },
  iban: { label: "Bank accounts (IBAN)", mark: "iban" },
  national_id: { label: "National and tax ids", mark: "national id" },
  ip: { label: "IP addresses", mark: "ip" },
  mac: { label: "Network (MAC) addresses", mark: "mac" },
  crypto: { label: "Wallet addresses", mark: "wallet" },
  jwt: { label: "Signed tokens (JWT)", mark: "jwt" },
  secret: { label: "Passwords, keys and other secrets", mark: "secret" },
  person: { label: "Names, street addresses and birth dates, by their key", mark: "person" },
} as const;

export type PiiKind = keyof typeof PII_KINDS;

export const PII_ACTIONS = {
  mask: "say only what it was",
  hash: "tell equal values apart",
  drop: "leave out what holds it",
  off: "keep it as it is",
} as const;

export type PiiAction = keyof typeof PII_ACTIONS;

/** Where in an event it was found. */
export const PII_PLACES = {
  url: "address and campaign",
  referrer: "referrer",
  title: "title",
  name: "event name",
  property_name: "property name",
  property_value: "property value",
} as const;

export type PiiPlace = keyof typeof PII_PLACES;

/** Under which what the site's own patterns find is counted. */
export const OWN_PATTERN = "own";

export type FoundKind = PiiKind | typeof OWN_PATTERN;

/** How often something was found on a day of the site. */
export interface PiiFound {
  /** `2026-11-21`. */
  date: string;
  kind: FoundKind;
  place: PiiPlace;
  count: number;
}

export interface OwnPattern {
  /** Stands in the place of what it finds. */
  name: string;
  /** RE2 syntax: no look-around, no back-references. */
  pattern: string;
  action: Exclude<PiiAction, "off">;
}

/** What a site does with personal values on their way in. */
export interface PiiSettings {
  kinds: Record<PiiKind, PiiAction>;
  allow: {
    /** Kept as they are, whatever they look like; `*` stands for anything. */
    values: string[];
    /** Properties that are not looked at. */
    keys: string[];
  };
  patterns: OwnPattern[];
}

export const DEFAULT_PII: PiiSettings = {
  kinds: {
    email: "mask",
    phone: "mask",
    card: "mask",
    iban: "mask",
    national_id: "mask",
    ip: "mask",
    mac: "mask",
    crypto: "mask",
    jwt: "mask",
    secret: "mask",
    person: "mask",
  },
  allow: { values: [], keys: [] },
  patterns: [],
};
