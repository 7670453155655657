import type { Act, AuditCheck, AuditFault, AuditHead } from "../../workers/domain/audit.ts";

/** How far a check of the whole trail is. */
export interface CheckProgress {
  startedAt: number;
  /** The last link that was checked. */
  through: number;
  links: number;
  faults: AuditFault[];
}

export interface AuditTrailRpc {
  /** Writes the act behind the others; its place in the trail, or null for one of too many refusals, which is counted. */
  append(act: Act): Promise<number | null>;
  /** The last link that was written; `seq` 0 when there is none. */
  head(): Promise<AuditHead>;
  /** The check under way, and the last that came to its end. */
  checks(): Promise<{ under: CheckProgress | null; last: AuditCheck | null }>;
  noteCheck(under: CheckProgress | null, last: AuditCheck | null): Promise<void>;
}
