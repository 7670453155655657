import { checks } from "./checks/index.ts";
import type { Fault, Finding } from "./finding.ts";
import { profileTable, type ValueTable } from "./value-table.ts";

/** Below this a finding is a guess. */
const SURE = 0.5;

export interface CellFinding extends Finding {
  /** What every check said of it; `fault` is the surest one's. */
  faults: Fault[];
}

/** The surest finding of each cell that some check is sure of, in the order of rows. Independent checks add up. */
export function checkTable(table: ValueTable, sure: number = SURE): CellFinding[] {
  const profiled = profileTable(table);
  const found = new Map<string, CellFinding>();
  for (const check of Object.values(checks)) {
    for (const finding of check.run(profiled)) {
      const cell = JSON.stringify([finding.row, finding.column]);
      const known = found.get(cell);
      if (!known) {
        found.set(cell, { ...finding, faults: [finding.fault] });
        continue;
      }
      const surer = finding.confidence > known.confidence ? finding : known;
      const confidence = 1 - (1 - finding.confidence) * (1 - known.confidence);
      const suggestion = surer.suggestion ?? finding.suggestion ?? known.suggestion;
      found.set(cell, { ...surer, suggestion, confidence, faults: [...known.faults, finding.fault] });
    }
  }
  return [...found.values()].filter(({ confidence }) => confidence >= sure).sort((a, b) => a.row - b.row);
}
