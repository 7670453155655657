import { ownHosts } from "../hostnames.ts";
import { traceOrigin } from "../sources/trace-origin.ts";
import type { Step } from "./index.ts";

export const readSource: Step = {
  name: "read-source",
  run({ beacon, event, tag, clickId }, { site }) {
    const origin = traceOrigin({
      referrer: beacon.referrer ?? "",
      tag,
      clickId,
      medium: event.utmMedium,
      campaign: event.utmCampaign,
      isOwnHost: ownHosts(event.hostname, site.hostnames),
    });
    event.referrer = origin.referrer;
    event.source = origin.source;
    event.channel = origin.channel;
    return undefined;
  },
};
