// The audit trail: what was done, by whom and where. Free of zod, so that the dashboard may import it.

/** What an act is about; every field is text that may be kept for ever: no secret, and no name or address of a person. */
export interface Act {
  /** As `actorName` gives it, or `job <name>`. */
  actor: string;
  /** Stable: `PATCH /api/v1/sites/:id` of a request, `job.<verb>` of a job. */
  action: string;
  /** The same for people: `Change a site's settings`. */
  summary: string;
  /** The path that was asked for, or what a job worked on. */
  target: string;
  /** Empty where the act concerns the deployment or a person's own account. */
  teamId: string;
  siteId: string;
  outcome: "done" | "refused";
  /** The answer's `x-request-id`; empty for jobs. */
  requestId: string;
  /** Of the network that the request came from; empty where it is not known. */
  country: string;
  /** Keyed hash of the address, to see which acts came from one place; empty where it is not known. */
  origin: string;
  /** What changed, as JSON; null where there was nothing or it is not told. */
  before: string | null;
  after: string | null;
}

/** An act in the chain: `hash` is keyed and covers all else, `previous` is the hash of the link before. */
export interface AuditLink extends Act {
  /** From 1, without gaps. */
  seq: number;
  /** Milliseconds. */
  at: number;
  previous: string;
  hash: string;
}

/** The last link that the trail has written, kept outside the database. */
export interface AuditHead {
  seq: number;
  hash: string;
  at: number;
}

/** `changed` is not what was written there, `missing` was removed or wound back, `forked` follows another link. */
export const FAULT_KINDS = ["changed", "missing", "forked"] as const;

export interface AuditFault {
  kind: (typeof FAULT_KINDS)[number];
  seq: number;
  /** The last of those missing; else `seq`. */
  through: number;
  detail: string;
}

/** A look at the whole trail, from the first link to the last. */
export interface AuditCheck {
  startedAt: number;
  finishedAt: number;
  links: number;
  faults: AuditFault[];
}

/** As many faults as a check tells. */
export const MOST_FAULTS = 20;

/** An act of a job, of which most fields are empty. */
export function jobAct(
  job: string,
  act: Pick<Act, "action" | "summary"> & Partial<Pick<Act, "target" | "teamId" | "siteId" | "before" | "after">>,
): Act {
  const empty = {
    target: "",
    teamId: "",
    siteId: "",
    requestId: "",
    country: "",
    origin: "",
    before: null,
    after: null,
  };
  return { ...empty, outcome: "done", actor: `job ${job}`, ...act };
}
