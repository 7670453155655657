// The Transparency and Consent Framework: what another platform's dialog was told, purpose by purpose.

import { safe } from "../safe.ts";
import { answer } from "./gate.ts";

interface TcData {
  gdprApplies?: boolean;
  eventStatus?: string;
  purpose?: { consents?: Record<number, boolean> };
}

type Tcf = (command: string, version: number, callback: (data: TcData, success: boolean) => void) => void;

/** Purposes of the framework that must all be allowed; 1 is to store anything on the device, which an id needs. */
const PURPOSES = {
  /** 8: measure content performance; 9: understand audiences through statistics. */
  analytics: [1, 8, 9],
  /** 10: develop and improve services. */
  experience: [1, 10],
  /** 7: measure advertising performance. */
  marketing: [1, 7],
} as const;

/** Legitimate interest is not consent and counts for nothing. */
export function watchTcf(triesLeft = 40): void {
  const { __tcfapi: tcf } = window as { __tcfapi?: Tcf }; // another platform's
  if (!tcf) {
    // Platforms put it there early, and some a moment later.
    if (triesLeft) setTimeout(safe(watchTcf), 500, triesLeft - 1);
    return;
  }
  tcf(
    "addEventListener",
    2,
    safe(({ gdprApplies, eventStatus, purpose }, success) => {
      if (!success || gdprApplies === false || eventStatus === "cmpuishown") return;
      const consents = purpose?.consents ?? {};
      const allows = (ids: readonly number[]) => ids.every((id) => consents[id] === true);
      answer({
        analytics: allows(PURPOSES.analytics),
        experience: allows(PURPOSES.experience),
        marketing: allows(PURPOSES.marketing),
      });
    }),
  );
}
