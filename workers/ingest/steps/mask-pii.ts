import { maskEvent } from "../pii/mask-event.ts";
import type { Step } from "./index.ts";

/** Personal values in address, referrer, title, names and properties, by the site's settings; counted by kind and place. */
export const maskPii: Step = {
  name: "mask-pii",
  run(draft, { site, identityKey }) {
    draft.found = maskEvent(draft.event, site, identityKey);
    return undefined;
  },
};
