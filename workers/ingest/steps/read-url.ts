import { invalid } from "../draft.ts";
import { readPageUrl } from "../page-url.ts";
import type { Step } from "./index.ts";

export const readUrl: Step = {
  name: "read-url",
  run(draft) {
    const page = readPageUrl(draft.beacon.url);
    if (!page) return invalid("url", "use an absolute address with a host, such as https://example.com/pricing");
    const { event } = draft;
    event.hostname = page.hostname;
    event.path = page.path;
    event.utmSource = page.utm.source;
    event.utmMedium = page.utm.medium;
    event.utmCampaign = page.utm.campaign;
    event.utmTerm = page.utm.term;
    event.utmContent = page.utm.content;
    draft.tag = page.tag;
    draft.clickId = page.clickId;
    return undefined;
  },
};
