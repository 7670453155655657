// Requests about the site's users: what is held of them, and that it is erased.
import type { Problem } from "../../workers/domain/errors.ts";
import { failureOf, OFFLINE, type Reply, request } from "./api.ts";
import { saveFile } from "./download.ts";
import { sitePath } from "./sites.ts";

export interface ReceiptLine {
  store: string;
  removed: Record<string, number>;
  note: string;
  at: number;
}

export interface PrivacyRequest {
  id: string;
  kind: "erasure" | "access";
  subject: string;
  reason: string;
  requestedBy: string;
  requestedAt: number;
  dueAt: number;
  state: "requested" | "found" | "done";
  doneAt: number | null;
  waits: string | null;
  receipt: ReceiptLine[];
}

export interface NewErasure {
  userId: string;
  names: string[];
  reason?: string;
  due?: string;
}

export const loadRequests = (site: string): Promise<Reply<{ erasures: PrivacyRequest[] }>> =>
  request(`${sitePath(site)}/erasures`);

export const loadRequest = (site: string, id: string): Promise<Reply<PrivacyRequest>> =>
  request(`${sitePath(site)}/erasures/${encodeURIComponent(id)}`);

export const eraseUser = (site: string, send: NewErasure): Promise<Reply<PrivacyRequest>> =>
  request(`${sitePath(site)}/erasures`, { method: "POST", send });

/** Has the browser keep a file of all that is held of the user. */
export async function downloadUser(site: string, { userId, reason }: NewErasure): Promise<Reply<null>> {
  const asked = new URLSearchParams({ format: "json", ...(reason && { reason }) });
  try {
    const path = `${sitePath(site)}/users/${encodeURIComponent(userId)}?${asked}`;
    const response = await fetch(path, { credentials: "same-origin" });
    if (!response.ok) {
      const problem: unknown = await response.json().catch(() => null);
      return { ok: false, failure: failureOf(response.status, problem as Partial<Problem> | null) }; // problem+json or nothing
    }
    saveFile(await response.blob(), "what-is-held.json");
    return { ok: true, value: null };
  } catch {
    return { ok: false, failure: OFFLINE };
  }
}

const DAY_MS = 24 * 3600_000;
const NEAR_DAYS = 7;

/** Until when a request must be done, and whether that is near. */
export function deadlineOf({ state, dueAt }: Pick<PrivacyRequest, "state" | "dueAt">, now: number) {
  if (state === "done") return { text: "", isNear: false };
  const days = Math.ceil((dueAt - now) / DAY_MS);
  if (days < 0) return { text: days === -1 ? "1 day late" : `${-days} days late`, isNear: true };
  return { text: days === 1 ? "1 day left" : `${days} days left`, isNear: days <= NEAR_DAYS };
}
