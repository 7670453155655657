import type { Step } from "./index.ts";

/** Notes where the event does not fit the site's tracking plan. It goes on: in quarantine too it needs its visitor. */
export const checkPlan: Step = {
  name: "check-plan",
  run(draft, { plan }) {
    if (plan) draft.violations = plan.check(draft.event.name, draft.event.props);
    return undefined;
  },
};
