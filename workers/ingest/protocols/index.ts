import type { Refusal } from "../draft.ts";
import { isRecord } from "../payload.ts";
import { native } from "./native.ts";
import { plausible } from "./plausible.ts";

/** A wire format. Turns a parsed body into native beacons, still untrusted: validation is the pipeline's. */
export interface Protocol {
  readonly name: string;
  /** The path it is posted to; protocols that share one are told apart by `fits`, in the registry's order. */
  readonly path: string;
  fits(body: unknown): boolean;
  parse(body: unknown): { beacons: unknown[] } | Refusal;
}

export const PROTOCOLS = { plausible, native } as const satisfies Record<string, Protocol>;

const ordered: readonly Protocol[] = Object.values(PROTOCOLS);

/** The beacons in a body posted to `path`, at most 500; a refusal when the body as a whole cannot be taken. */
export function readBody(path: string, body: unknown): { beacons: unknown[] } | Refusal {
  const protocol = ordered.find((candidate) => candidate.path === path && candidate.fits(body)) ?? native;
  return protocol.parse(body);
}

/** Whether it is an object with a site in it; false is a mistake of form, not an unknown site. */
export const namesSite = (beacon: unknown): boolean => siteOf(beacon) !== "";

/** The site an untrusted beacon names, "" when it names none: what the door loads before it can ingest. */
export function siteOf(beacon: unknown): string {
  return isRecord(beacon) && typeof beacon.site === "string" ? beacon.site : "";
}
