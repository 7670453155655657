import { AppError } from "../domain/errors.ts";
import { holdOf } from "../domain/retention.ts";
import type { Site } from "../domain/site.ts";

/** What is under a legal hold is not taken away by hand either. */
export function refuseHeld({ retention }: Pick<Site, "retention">): void {
  const hold = holdOf(retention, Date.now());
  if (!hold) return;
  throw new AppError("conflict", `the site is under a legal hold (${hold.reason}): lift it first`);
}
