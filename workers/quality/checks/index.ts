import type { QualityCheck } from "../finding.ts";
import { contradicts } from "./contradicts.ts";
import { malformed } from "./malformed.ts";
import { missing } from "./missing.ts";
import { misspelled } from "./misspelled.ts";
import { otherDateFormat } from "./other-date-format.ts";
import { otherUnit } from "./other-unit.ts";
import { outlier } from "./outlier.ts";
import { repeated } from "./repeated.ts";
import { wrongType } from "./wrong-type.ts";

export const checks = {
  missing: missing,
  wrong_type: wrongType,
  malformed: malformed,
  other_date_format: otherDateFormat,
  other_unit: otherUnit,
  outlier: outlier,
  misspelled: misspelled,
  contradicts: contradicts,
  repeated: repeated,
} as const satisfies Record<string, QualityCheck>;

export type CheckName = keyof typeof checks;
