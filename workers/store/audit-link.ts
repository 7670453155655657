// What makes the audit trail a chain: each link is sealed by a key that the database never holds, together with the hash of
// the link before it.
import { createHmac } from "node:crypto";
import type { Act, AuditFault, AuditHead, AuditLink } from "../domain/audit.ts";

/** The hash before the first link. */
export const NO_LINK = "";
const ORIGIN_DIGITS = 16;

/** In this order for ever; a field that is added later starts a second form, and old links keep the first. */
function sealedText(link: Omit<AuditLink, "hash">): string {
  const { seq, at, actor, action, summary, target, teamId, siteId, outcome } = link;
  const { requestId, country, origin, before, after, previous } = link;
  const place = [teamId, siteId, outcome, requestId, country, origin];
  return JSON.stringify([1, seq, at, actor, action, summary, target, ...place, before, after, previous]);
}

export function linkHash(key: Uint8Array, link: Omit<AuditLink, "hash">): string {
  return createHmac("sha256", key).update(sealedText(link)).digest("hex");
}

export const isWhole = (key: Uint8Array, link: AuditLink): boolean => linkHash(key, link) === link.hash;

/** The acts as links that follow `previous`. */
export function linked(
  key: Uint8Array,
  acts: readonly Act[],
  from: { seq: number; previous: string; at: number },
): AuditLink[] {
  let { seq, previous } = from;
  return acts.map((act) => {
    const open = { ...act, seq: seq++, at: from.at, previous };
    const link = { ...open, hash: linkHash(key, open) };
    previous = link.hash;
    return link;
  });
}

/** Which acts came from one address, without the address. */
export function originHash(key: Uint8Array, address: string): string {
  if (address === "") return "";
  return createHmac("sha256", key).update(`origin\n${address}`).digest("hex").slice(0, ORIGIN_DIGITS);
}

/** A check that goes along the links in order, some at a time. */
export interface ChainCheck {
  /** Links in order of `seq`. */
  add(links: readonly AuditLink[]): void;
  /** After the last link; `head` was asked for before the links were read. */
  end(head: AuditHead): void;
  readonly faults: AuditFault[];
  readonly links: number;
}

const CHANGED = "what stands there is not what was written; it was changed, or put there by somebody else";
const MISSING = "links were removed from the middle of the trail";
const FORKED = "it does not follow the link before it; the trail was wound back and written on, twice";
const CUT =
  "the end of the trail is not there: links were removed, or the database was restored from before they were written";

/** Begins after the link `base`, which was checked already, or where it stood, `after`, when it is gone. */
export function checkChain(key: Uint8Array, base: AuditLink | null, after = base?.seq ?? 0): ChainCheck {
  const faults: AuditFault[] = [];
  let last = after;
  /** What the next link must name; null where the link before is in doubt. */
  let before: string | null = after === 0 ? NO_LINK : null;
  if (base && isWhole(key, base)) before = base.hash;
  let links = 0;
  const fault = (kind: AuditFault["kind"], seq: number, through: number, detail: string) =>
    faults.push({ kind, seq, through, detail });
  return {
    faults,
    get links() {
      return links;
    },
    add(some) {
      for (const link of some) {
        links++;
        if (link.seq > last + 1) {
          fault("missing", last + 1, link.seq - 1, MISSING);
          before = null;
        }
        const whole = isWhole(key, link) && link.seq > last;
        if (!whole) fault("changed", link.seq, link.seq, CHANGED);
        else if (before !== null && link.previous !== before) fault("forked", link.seq, link.seq, FORKED);
        before = whole ? link.hash : null;
        last = Math.max(last, link.seq);
      }
    },
    end(head) {
      if (head.seq > last) {
        const when = head.at > 0 ? `; the last was written at ${new Date(head.at).toISOString()}` : "";
        fault("missing", last + 1, head.seq, CUT + when);
      } else if (head.seq === last && before !== null && head.hash !== before) {
        fault("forked", last, last, FORKED);
      }
    },
  };
}
