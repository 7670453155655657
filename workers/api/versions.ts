// Changes that say which version they were made from: `If-Match` in, and whoever comes second is told what there is now.
import { AppError } from "../domain/errors.ts";
import type { AppContext } from "./access.ts";
import { invalidField } from "./problem.ts";

/** The version that `If-Match` names; null for `*` and where there is none. */
export function versionAsked(c: AppContext): number | null {
  const given = c.req.header("if-match")?.trim();
  if (given === undefined || given === "*") return null;
  // The rest of the tag is about how the resource looked. A proxy that compresses makes tags weak.
  const [, version] = /^(?:W\/)?"(\d{1,15})(?:\.[^"]*)?"$/.exec(given) ?? [];
  if (version === undefined) throw invalidField("If-Match", "send the ETag of what you change, or *");
  return Number(version);
}

/** The same, for what may only be changed by those who say from which version. */
export function versionNeeded(c: AppContext): number | null {
  if (c.req.header("if-match") !== undefined) return versionAsked(c);
  throw new AppError("no_version", "send If-Match with the ETag of what you change");
}

/** Why a change of that version did not come about: what is gone, or as it stands now. */
export function notChanged(current: { version: number } | null, unknown: () => AppError): AppError {
  if (!current) return unknown();
  return new AppError("stale", `it is at version ${current.version} now; merge your change with it`, { current });
}
