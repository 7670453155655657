import type { ConditionKind, ConditionOf } from "../../domain/alert.ts";
import type { Detector } from "../detector.ts";
import { absence } from "./absence.ts";
import { anomaly } from "./anomaly.ts";
import { change } from "./change.ts";
import { threshold } from "./threshold.ts";

/** What a condition can look for. */
export const detectors = { threshold, change, absence, anomaly } as const satisfies {
  [Kind in ConditionKind]: Detector<ConditionOf<Kind>>;
};
