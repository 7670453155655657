// One request of an access log, whatever the format, and the row it becomes.

import { createHash } from "node:crypto";
import { LIMITS } from "../../domain/beacon.ts";
import { PAGEVIEW } from "../../domain/event.ts";
import { isPageView } from "./page-view-rule.ts";
import type { EventRow, ReadChoices, SkippedRow } from "./row.ts";

export interface LogRequest {
  at: number;
  address: string;
  method: string;
  /** Path and query as requested, or a whole address. */
  target: string;
  status: number;
  host?: string;
  referrer?: string;
  userAgent?: string;
}

/** Name of an event made of a request that is no page view. */
export const REQUEST = "request";

// Neither part can hold a line feed, so different pairs never make the same visitor.
const SEPARATOR = "\n";

/** Visitor = address and user agent, as exact strings. */
export function requestRow(request: LogRequest, fileLine: number, choices: ReadChoices): EventRow | SkippedRow {
  const pageView = isPageView(request);
  if (!pageView && !choices.allRequests) return { kind: "skipped", fileLine };
  const { address, referrer, userAgent } = request;
  return {
    kind: "event",
    fileLine,
    address,
    event: {
      line: fileLine - 1,
      at: request.at,
      name: pageView ? PAGEVIEW : REQUEST,
      url: requestUrl(request, choices.host),
      visitor: shortVisitor(userAgent === undefined ? address : address + SEPARATOR + userAgent),
      ...(referrer !== undefined && { referrer: fitted(referrer) }),
      ...(userAgent !== undefined && { userAgent: userAgent.slice(0, 2000) }),
      ...(!pageView && { props: { method: request.method, status: request.status } }),
    },
  };
}

/** A visitor's name within the import door's limit; a long one is replaced by its hash. */
export function shortVisitor(visitor: string): string {
  return visitor.length <= 1000 ? visitor : createHash("sha256").update(visitor).digest("hex");
}

/** An address within the limit; a longer one loses its query. */
export function fitted(url: string): string {
  if (url.length <= LIMITS.urlLength) return url;
  return (url.split("?", 1)[0] ?? "").slice(0, LIMITS.urlLength);
}

function requestUrl(request: LogRequest, defaultHost: string): string {
  if (/^https?:\/\//i.test(request.target)) return fitted(request.target);
  const path = request.target.startsWith("/") ? request.target : `/${request.target}`;
  return fitted(`https://${request.host ?? defaultHost}${path}`);
}
