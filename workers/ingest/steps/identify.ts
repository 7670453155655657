import { refuse } from "../draft.ts";
import { browserPseudonym, userPseudonym, visitorIds } from "../identity.ts";
import type { Step } from "./index.ts";

/** Without granted consent the visitor stays cookieless, whatever ids the beacon carries. */
export const identify: Step = {
  name: "identify",
  run(draft, facts) {
    const { beacon, event } = draft;
    const { visitorId, previousVisitorId } = visitorIds(facts);
    event.visitorId = visitorId;
    draft.previousVisitorId = previousVisitorId;
    if (event.consent?.analytics !== "granted") return undefined;
    event.userId = userPseudonym(facts.identityKey, facts.site.id, beacon.userId);
    event.persistentId = browserPseudonym(facts.identityKey, facts.site.id, beacon.persistentId);
    // The sender may not have heard of it, or sends what it gathered before.
    const isWithdrawn = facts.withdrawn.has(event.userId) || facts.withdrawn.has(event.persistentId);
    return isWithdrawn ? refuse("withdrawn") : undefined;
  },
};
