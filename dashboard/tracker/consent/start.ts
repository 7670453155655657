// What the script with consent adds to the other: `edgewise.consent` and `edgewise.identify`, and whom it listens to.

import type { Purpose } from "../../../workers/domain/consent.ts";
import { options } from "../options.ts";
import { on, safe } from "../safe.ts";
import type { Answer } from "./answer.ts";
import { showBanner } from "./banner.ts";
import { answer, answered, identify, isUnanswered, startGate } from "./gate.ts";
import { watchGoogle } from "./google.ts";
import { watchTcf } from "./tcf.ts";

/** An answer by purpose; `withdraw` refuses all and has what was collected erased; `ask` opens the banner again. */
export type Said = Answer | "withdraw" | "ask";

export interface ConsentCalls {
  /** Returns the answer as it stands. */
  consent(said?: Said): Answer;
  /** Names the signed-in user from now on; nobody, without an argument. */
  identify(userId?: string): void;
}

const REFUSED: Answer = { analytics: false, experience: false, marketing: false };
let purposes: readonly Purpose[] = ["analytics"];

function say(said?: Said): void {
  if (said === "ask") showBanner(purposes, true);
  else if (said) answer(said === "withdraw" ? REFUSED : said);
}

export const consentCalls: ConsentCalls = {
  consent(said) {
    safe(say)(said);
    return answered();
  },
  identify,
};

export async function startConsent(): Promise<void> {
  const source = options.consent;
  const asked = startGate(source !== "tcf" && source !== "google");
  if (source === "tcf") safe(watchTcf)();
  if (source === "google") safe(watchGoogle)();
  try {
    const question = await asked;
    if (question.purposes[0]) ({ purposes } = question);
    if (source !== "ask" || !question.ask || !isUnanswered()) return;
    const show = safe(() => showBanner(purposes, false));
    if (document.body) show();
    else on("DOMContentLoaded", show);
  } catch {}
}
