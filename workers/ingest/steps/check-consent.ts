import { asksIn } from "../../domain/consent.ts";
import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

/**
 * A visitor who refused analytics leaves no trace, and neither does one who is to answer first where the site says so. The
 * rule is kept here, whatever script a page carries.
 */
export const checkConsent: Step = {
  name: "check-consent",
  run({ event }, { site, place }) {
    const answer = event.consent?.analytics ?? "unknown";
    if (answer === "denied") return refuse("no_consent");
    const isAwaited = answer === "unknown" && site.consent.before === "nothing";
    return isAwaited && asksIn(site.consent, place.country) ? refuse("no_answer") : undefined;
  },
};
