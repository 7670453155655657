// Writing to the audit trail, and verifying it.
import type { AuditTrail } from "../../durable-objects/audit-trail/object.ts";
import { type Act, type AuditCheck, type AuditFault, MOST_FAULTS } from "../domain/audit.ts";
import { checkChain } from "./audit-link.ts";
import { linkAt, linksAfter } from "./audit-links.ts";
import { auditTrail } from "./objects.ts";
import { auditKey, type SecretStore } from "./secrets.ts";

export interface AuditStore extends SecretStore {
  AUDIT_TRAIL: DurableObjectNamespace<AuditTrail>;
}

const MOST_CHARS = 1_000;
/** SQLite ends a text where NUL stands, and what it gives back must be what was sealed. */
const NUL = "\0";

const kept = (text: string): string => text.replaceAll(NUL, "").toWellFormed().slice(0, MOST_CHARS).toWellFormed();

/** Once this returns, the act is in the trail; throws when it could not be written. */
export async function appendAudit(store: Pick<AuditStore, "AUDIT_TRAIL">, act: Act): Promise<void> {
  const { actor, action, summary, target } = act;
  await auditTrail(store).append({
    ...act,
    actor: kept(actor),
    action: kept(action),
    summary: kept(summary),
    target: kept(target),
  });
}

const PAGE = 2_000;
/** Before the first link, whatever number somebody gave to a row of theirs. */
const BEGINNING = Number.MIN_SAFE_INTEGER;

export interface CheckedSlice {
  /** The last link that was looked at, from which to go on; null at the end of the trail. */
  next: number | null;
  links: number;
  faults: AuditFault[];
}

/** Verifies so many links after a place, 0 being the beginning. The link at that place counts as verified. */
export async function checkAudit(store: AuditStore, after: number, most: number): Promise<CheckedSlice> {
  const key = await auditKey(store);
  // Before the links, so that what is written meanwhile is not missed.
  const head = await auditTrail(store).head();
  const base = after > 0 ? await linkAt(store.DB, after) : null;
  const check = checkChain(key, base, after);
  let place = after > 0 ? after : BEGINNING;
  while (check.links < most) {
    const links = await linksAfter(store.DB, place, Math.min(PAGE, most - check.links));
    check.add(links);
    const last = links.at(-1);
    if (!last) {
      check.end(head);
      return { next: null, links: check.links, faults: check.faults };
    }
    place = last.seq;
  }
  return { next: place, links: check.links, faults: check.faults };
}

/** Goes on with the check of the whole trail; the result when it came to its end, else null. */
export async function goOnChecking(
  store: AuditStore,
  { now, most }: { now: number; most: number },
): Promise<AuditCheck | null> {
  const trail = auditTrail(store);
  const { under } = await trail.checks();
  const so = under ?? { startedAt: now, through: 0, links: 0, faults: [] };
  const { next, links, faults } = await checkAudit(store, so.through, most);
  const all = {
    startedAt: so.startedAt,
    links: so.links + links,
    faults: [...so.faults, ...faults].slice(0, MOST_FAULTS),
  };
  if (next === null) {
    const done = { ...all, finishedAt: now };
    await trail.noteCheck(null, done);
    return done;
  }
  await trail.noteCheck({ ...all, through: next }, null);
  return null;
}

/** The last check of the whole trail that came to its end. */
export async function lastAuditCheck(store: Pick<AuditStore, "AUDIT_TRAIL">): Promise<AuditCheck | null> {
  return (await auditTrail(store).checks()).last;
}
