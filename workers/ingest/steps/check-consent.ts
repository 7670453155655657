import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

/** A visitor who refused analytics leaves no trace; identities are kept only where consent is granted (see `identify`). */
export const checkConsent: Step = {
  name: "check-consent",
  run: ({ event }) => (event.consent?.analytics === "denied" ? refuse("no_consent") : undefined),
};
