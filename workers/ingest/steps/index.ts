import type { Draft, Facts, Refusal } from "../draft.ts";
import { checkConsent } from "./check-consent.ts";
import { checkHostname } from "./check-hostname.ts";
import { checkPath } from "./check-path.ts";
import { checkPlan } from "./check-plan.ts";
import { checkReferrer } from "./check-referrer.ts";
import { checkTime } from "./check-time.ts";
import { dropBots } from "./drop-bots.ts";
import { honourDoNotTrack } from "./honour-do-not-track.ts";
import { identify } from "./identify.ts";
import { keepAllowed } from "./keep-allowed.ts";
import { locate } from "./locate.ts";
import { maskPii } from "./mask-pii.ts";
import { readDevice } from "./read-device.ts";
import { readSource } from "./read-source.ts";
import { readUrl } from "./read-url.ts";

/** One stage of collect. Writes to the draft's event, or says why the beacon is not taken. */
export interface Step {
  readonly name: string;
  run(draft: Draft, facts: Facts): Refusal | undefined;
}

/** In the order in which they run: what may refuse cheaply comes first. */
export const STEPS = {
  "check-consent": checkConsent,
  "honour-do-not-track": honourDoNotTrack,
  "check-time": checkTime,
  "drop-bots": dropBots,
  "read-url": readUrl,
  "check-hostname": checkHostname,
  "check-path": checkPath,
  "read-source": readSource,
  "check-referrer": checkReferrer,
  "mask-pii": maskPii,
  "read-device": readDevice,
  "check-plan": checkPlan,
  locate,
  identify,
  "keep-allowed": keepAllowed,
} as const satisfies Record<string, Step>;
