import { createHmac } from "node:crypto";
import type { Facts } from "./draft.ts";
import { localDate } from "./local-date.ts";

// Pseudonyms: the first 64 bits of an HMAC-SHA256, as 16 hex digits. Nobody without the key can try addresses against
// them, and the key of a cookieless id is destroyed two days after its date.

const HANDOVER_MS = 30 * 60_000;

export function pseudonym(key: Uint8Array, message: string): string {
  return createHmac("sha256", key).update(message).digest("hex").slice(0, 16);
}

export interface VisitorIds {
  visitorId: string;
  /** The id of the day before, during the half hour in which its session may still be open. */
  previousVisitorId: string | undefined;
}

const computed = new WeakMap<Facts, VisitorIds>();

/** The cookieless id of whoever sent this request; computed once for all events of a batch. */
export function visitorIds(facts: Facts): VisitorIds {
  const known = computed.get(facts);
  if (known) return known;
  const ids = computeIds(facts);
  computed.set(facts, ids);
  return ids;
}

/** Local dates whose secrets a request at `now` needs: the day's own, and in its first half hour the day before's. */
export function secretDates(now: number, timeZone: string): [today: string] | [today: string, before: string] {
  const today = localDate(now, timeZone);
  const before = localDate(now - HANDOVER_MS, timeZone);
  return before === today ? [today] : [today, before];
}

function computeIds({ now, site, ip, userAgent, secrets }: Facts): VisitorIds {
  const message = `${site.id}\n${ip}\n${userAgent}`;
  const [today, before] = secretDates(now, site.timeZone);
  const secret = secrets.get(today);
  if (!secret) throw new Error(`no visitor secret for ${today}: load the dates of secretDates before ingesting`);

  const previous = before === undefined ? undefined : secrets.get(before);
  return {
    visitorId: pseudonym(secret, message),
    previousVisitorId: previous && pseudonym(previous, message),
  };
}

/** A signed-in user, one pseudonym per site; "" stays "". */
export function userPseudonym(identityKey: Uint8Array, siteId: string, userId: string | undefined): string {
  return userId ? pseudonym(identityKey, `${siteId}\nuser\n${userId}`) : "";
}

/** A browser that consented to be recognised, one pseudonym per site; "" stays "". */
export function browserPseudonym(identityKey: Uint8Array, siteId: string, persistentId: string | undefined): string {
  return persistentId ? pseudonym(identityKey, `${siteId}\nbrowser\n${persistentId}`) : "";
}
