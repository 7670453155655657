import { refuse } from "../draft.ts";
import type { Step } from "./index.ts";

export const honourDoNotTrack: Step = {
  name: "honour-do-not-track",
  run: (_draft, facts) => (facts.doNotTrack && facts.site.honourDoNotTrack ? refuse("do_not_track") : undefined),
};
