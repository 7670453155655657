import type { ConditionKind, ConditionOf } from "../../domain/alert-condition.ts";
import type { Detector } from "../detector.ts";
import { absence } from "./absence.ts";
import { anomaly } from "./anomaly.ts";
import { budget } from "./budget.ts";
import { change } from "./change.ts";
import { forecast } from "./forecast.ts";
import { threshold } from "./threshold.ts";

/** What a condition can look for in a metric. */
export const detectors = { threshold, change, absence, anomaly, forecast, budget } as const satisfies {
  [Kind in ConditionKind]: Detector<ConditionOf<Kind>>;
};
