import { refuse } from "../draft.ts";
import { hostAllowed } from "../hostnames.ts";
import type { Step } from "./index.ts";

/** A site that lists no hostnames takes any. */
export const checkHostname: Step = {
  name: "check-hostname",
  run({ event }, { site }) {
    if (site.hostnames.length === 0 || hostAllowed(event.hostname, site.hostnames)) return undefined;
    return refuse("hostname", event.hostname);
  },
};
