// What holds for the whole plan: modes and the convention of names.
import {
  NAMING_CONVENTIONS,
  PLAN_MODES,
  type TrackingPlan,
  UNPLANNED_MODES,
} from "../../workers/domain/tracking-plan.ts";
import { SelectInput } from "../ui/select-input.tsx";

export function PlanSettings({ plan, onChange }: { plan: TrackingPlan; onChange: (plan: TrackingPlan) => void }) {
  const { mode = "observe", unplanned = {}, naming = "object_action" } = plan;
  const setUnplanned = (part: TrackingPlan["unplanned"]) => onChange({ ...plan, unplanned: { ...unplanned, ...part } });
  return (
    <div class="form-grid plan-settings">
      <SelectInput
        label="Planned events that do not fit"
        value={mode}
        options={PLAN_MODES}
        onValue={(chosen) => onChange({ ...plan, mode: chosen })}
      />
      <SelectInput
        label="Events that are not planned"
        value={unplanned.events ?? "observe"}
        options={UNPLANNED_MODES}
        onValue={(events) => setUnplanned({ events })}
      />
      <SelectInput
        label="Properties that are not planned"
        value={unplanned.properties ?? "observe"}
        options={UNPLANNED_MODES}
        onValue={(properties) => setUnplanned({ properties })}
      />
      <SelectInput
        label="Names"
        value={naming}
        options={NAMING_CONVENTIONS}
        onValue={(chosen) => onChange({ ...plan, naming: chosen })}
      />
    </div>
  );
}
