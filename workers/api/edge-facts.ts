// What a request says beside its body. The address and the user agent are read here and never leave the request.
import type { Facts } from "../ingest/draft.ts";

interface EdgeSettings {
  EDGEWISE_LOCAL?: string;
  EDGEWISE_TRUST_PROXY?: string;
}

/**
 * The client's address. In production Cloudflare sets cf-connecting-ip. The local server's socket passes a client's own
 * headers through, so there an address counts only behind a proxy that is said to be trusted: the one it appended last.
 */
function addressOf(headers: Headers, settings: EdgeSettings): string {
  if (settings.EDGEWISE_LOCAL !== "1") return headers.get("cf-connecting-ip") ?? "";
  if (settings.EDGEWISE_TRUST_PROXY !== "1") return "";
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
}

/** Without the edge, the country may still come from a trusted proxy in front, in the header that Cloudflare uses. */
function placeOf(request: Request, settings: EdgeSettings): Facts["place"] {
  const cf = request.cf as Partial<IncomingRequestCfProperties> | undefined; // absent on the local socket
  const isBehindProxy = settings.EDGEWISE_LOCAL === "1" && settings.EDGEWISE_TRUST_PROXY === "1";
  const stated = isBehindProxy ? (request.headers.get("cf-ipcountry") ?? "") : "";
  return {
    country: cf?.country ?? (/^[A-Z]{2}$/.test(stated) && stated !== "XX" ? stated : ""),
    region: cf?.region ?? "",
    city: cf?.city ?? "",
    timeZone: cf?.timezone ?? "",
  };
}

/** The origin that the reader's browser shows. A trusted proxy in front may end TLS, which the local socket cannot see. */
export function shownOrigin(request: Request, settings: EdgeSettings): string {
  const url = new URL(request.url);
  const isBehindProxy = settings.EDGEWISE_LOCAL === "1" && settings.EDGEWISE_TRUST_PROXY === "1";
  if (isBehindProxy && request.headers.get("x-forwarded-proto") === "https") url.protocol = "https:";
  return url.origin;
}

export type EdgeFacts = Pick<Facts, "now" | "ip" | "userAgent" | "doNotTrack" | "place" | "language">;

export function edgeFacts(request: Request, settings: EdgeSettings, now: number): EdgeFacts {
  const { headers } = request;
  return {
    now,
    ip: addressOf(headers, settings),
    userAgent: headers.get("user-agent") ?? "",
    doNotTrack: headers.get("dnt") === "1" || headers.get("sec-gpc") === "1",
    place: placeOf(request, settings),
    language: headers.get("accept-language") ?? "",
  };
}
