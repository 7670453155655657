// What is meant to be sent, what does not fit it, and what became of that.
import type { Site } from "../../workers/domain/site.ts";
import { PlanCoveragePanel, PlanHints, PlanVersions } from "../panels/plan-coverage.tsx";
import { PlanEvents } from "../panels/plan-events.tsx";
import { PlanQuarantine, PlanViolations } from "../panels/plan-findings.tsx";
import { mayIn } from "../state/session.ts";
import { usePlan } from "../state/tracking-plan.ts";
import { Failed, Skeleton } from "../ui/notice.tsx";

export function TrackingPlanPage({ site }: { site: Site }) {
  const keeping = usePlan(site.id);
  const { current, failure, load } = keeping;
  return (
    <>
      <div class="page-head">
        <h1>Tracking plan</h1>
        {current && <span class="faint">{current.version === 0 ? "not begun" : `version ${current.version}`}</span>}
      </div>
      {failure && <Failed failure={failure} onRetry={() => void load()} />}
      {!current && !failure && <Skeleton lines={6} />}
      {current && (
        <div class="panels plan">
          <PlanEvents site={site} keeping={keeping} />
          <PlanViolations site={site} version={current.version} />
          {mayIn(site.teamId, "export") && <PlanQuarantine site={site} version={current.version} />}
          <PlanCoveragePanel site={site} version={current.version} />
          <PlanHints site={site} version={current.version} />
          <PlanVersions site={site} version={current.version} />
        </div>
      )}
    </>
  );
}
