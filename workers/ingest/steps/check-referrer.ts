import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

/** Leaves out what comes from a referrer that the site's owner takes for spam, or from a subdomain of it. */
export const checkReferrer: Step = {
  name: "check-referrer",
  run({ event }, { site }) {
    if (site.excludedReferrers.length === 0 || event.referrer === "") return undefined;
    const [host = ""] = event.referrer.split("/", 1);
    const spam = site.excludedReferrers.find((one) => host === one || host.endsWith(`.${one}`));
    return spam === undefined ? undefined : refuse("spam", spam);
  },
};
