import type { InsightKind } from "../insight.ts";
import { anomalousDay } from "./anomalous-day.ts";
import { conversionRate } from "./conversion-rate.ts";
import { countChange } from "./count-change.ts";
import { firstSeen } from "./first-seen.ts";
import { kpiAtRisk } from "./kpi-at-risk.ts";
import { moved } from "./moved.ts";
import { ratioChange } from "./ratio-change.ts";

/** What is looked for. */
export const insights = {
  visitors: countChange("visitors"),
  total_revenue: countChange("total_revenue"),
  conversion_rate: conversionRate,
  bounce_rate: ratioChange("bounce_rate"),
  views_per_visit: ratioChange("views_per_visit"),
  visit_duration: ratioChange("visit_duration"),
  kpi_at_risk: kpiAtRisk,
  anomalous_day: anomalousDay,
  first_seen: firstSeen,
  moved,
} satisfies Record<string, InsightKind>;
