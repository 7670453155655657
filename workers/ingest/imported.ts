import type * as z from "zod";
import { type ImportedEvent, importedEventSchema, type importSchema } from "../domain/beacon.ts";
import { keepAllowed } from "../domain/consent.ts";
import { fieldErrors } from "../domain/errors.ts";
import type { Event } from "../domain/event.ts";
import type { Site } from "../domain/site.ts";
import { type Facts, invalid, isRefusal, type Refusal, refuse } from "./draft.ts";
import { ownHosts } from "./hostnames.ts";
import { browserPseudonym, pseudonym, userPseudonym } from "./identity.ts";
import { firstLanguage } from "./language.ts";
import { localDate } from "./local-date.ts";
import { type PageUrl, readPageUrl } from "./page-url.ts";
import { admitPayload, isRecord } from "./payload.ts";
import { maskEvent } from "./pii/mask-event.ts";
import type { FoundCounts } from "./pii/masking.ts";
import { traceOrigin } from "./sources/trace-origin.ts";
import { type Client, readUserAgent, withViewport } from "./user-agent/read-user-agent.ts";
import { stateEvent, timeRefusal } from "./validate.ts";

type ImportOptions = z.infer<typeof importSchema>["import"];

/** What holds for every line of one import. */
export interface ImportFacts extends Pick<Facts, "now" | "site" | "identityKey" | "withdrawn"> {
  importId: string;
  /** Lives until the import ends, so that nobody can match its visitors with anything afterwards. */
  secret: Uint8Array;
  visitors: ImportOptions["visitors"];
  bots: ImportOptions["bots"];
}

/** Older than the Web itself is a mistake in the file, such as seconds taken for milliseconds. */
const EARLIEST = Date.UTC(1990, 0, 1);

export interface Imported {
  event: Event;
  line: number;
  /** Personal values that were replaced, by kind and place. */
  found?: FoundCounts;
}

/** Turns one line of history into an event, or says why not. What the line states wins over what would be derived. */
export function ingestImported(raw: unknown, facts: ImportFacts): Imported | Refusal {
  const line = validateLine(raw);
  if (isRefusal(line)) return line;
  if (line.consent?.analytics === false) return refuse("no_consent");
  const outOfRange = timeRefusal(line.at, EARLIEST, facts.now);
  if (outOfRange) return outOfRange;

  const client = line.userAgent === undefined ? undefined : readUserAgent(line.userAgent);
  if (client?.bot && facts.bots === "drop") return refuse("bot");
  const page = readPageUrl(line.url);
  if (!page) return invalid("url", "use an absolute address with a host, such as https://example.com/pricing");

  const event = stateEvent({ ...line, id: `${facts.importId}:${line.line}` }, facts.now);
  addPage(event, page, line, facts.site);
  addClient(event, line, client && withViewport(client, line.width));
  event.language = firstLanguage(event.language);
  event.country = line.country?.toUpperCase() ?? "";
  event.region = line.region ?? "";
  event.city = line.city ?? "";
  // Before the identity: that of a file is no browser's, and gone with the import's secret.
  keepAllowed(event);
  addIdentity(event, line, facts);
  if (facts.withdrawn.has(event.userId) || facts.withdrawn.has(event.persistentId)) return refuse("withdrawn");
  const found = maskEvent(event, facts.site, facts.identityKey);
  return { event, line: line.line, ...(found && { found }) };
}

function validateLine(raw: unknown): ImportedEvent | Refusal {
  if (!isRecord(raw)) return invalid("event", "an event must be an object");
  const admitted = admitPayload(raw);
  if (isRefusal(admitted)) return admitted;
  const parsed = importedEventSchema.safeParse(admitted.payload);
  return parsed.success ? parsed.data : { reason: "invalid", errors: fieldErrors(parsed.error.issues) };
}

/** An empty value counts as not given: a column of a CSV file always has one. */
function addPage(event: Event, page: PageUrl, line: ImportedEvent, site: Site): void {
  event.hostname = page.hostname;
  event.path = page.path;
  event.utmSource = line.utm?.source || page.utm.source;
  event.utmMedium = line.utm?.medium || page.utm.medium;
  event.utmCampaign = line.utm?.campaign || page.utm.campaign;
  event.utmTerm = line.utm?.term || page.utm.term;
  event.utmContent = line.utm?.content || page.utm.content;
  const origin = traceOrigin({
    referrer: line.referrer ?? "",
    tag: line.source || line.utm?.source || page.tag,
    clickId: page.clickId,
    medium: event.utmMedium,
    campaign: event.utmCampaign,
    isOwnHost: ownHosts(page.hostname, site.hostnames),
  });
  event.referrer = origin.referrer;
  event.source = line.source || origin.source;
  event.channel = line.channel || origin.channel;
}

function addClient(event: Event, line: ImportedEvent, client: Client | undefined): void {
  event.browser = line.browser || client?.browser || "";
  event.browserVersion = line.browserVersion || client?.browserVersion || "";
  event.os = line.os || client?.os || "";
  event.osVersion = line.osVersion || client?.osVersion || "";
  event.device = line.device || client?.device || "";
}

/**
 * `daily` has no hand-over at midnight: an import may come in any order and in parallel, and an id that depended on
 * whether a session was still open would depend on that order.
 */
function addIdentity(event: Event, line: ImportedEvent, facts: ImportFacts): void {
  const { site, secret, identityKey } = facts;
  if (facts.visitors === "given") {
    event.visitorId = pseudonym(secret, `${site.id}\n${line.visitor}`);
    event.persistentId = event.visitorId;
  } else {
    event.visitorId = pseudonym(secret, `${localDate(line.at, site.timeZone)}\n${site.id}\n${line.visitor}`);
  }
  if (line.consent?.analytics !== true) return;
  event.userId = userPseudonym(identityKey, site.id, line.userId);
  if (line.persistentId) event.persistentId = browserPseudonym(identityKey, site.id, line.persistentId);
  keepAllowed(event);
}
