// What is wrong with a board that is about to be kept: its period, its filters, and each panel's question, as when they are asked.

import type { NewBoard, Panel } from "../domain/board.ts";
import type { FieldError } from "../domain/errors.ts";
import { periodOf } from "../domain/period.ts";
import type { Question } from "../domain/question.ts";
import { namesSegment, withSegments } from "../domain/segment.ts";
import { filterErrors } from "./filters.ts";
import { type PlanFacts, questionErrors } from "./run.ts";

/** Of boards and readers that name none. */
const USUAL_RANGE = "30d";

const within = (errors: FieldError[], path: string): FieldError[] =>
  errors.map((error) => ({ ...error, path: `${path}.${error.path}` }));

function ownFilterErrors({ filters }: NewBoard, { goals, segments = [] }: PlanFacts): FieldError[] {
  const meant = filters.some(namesSegment) ? withSegments(filters, segments) : { filters, errors: [] };
  if (meant.errors.length > 0) return meant.errors;
  return meant.filters.flatMap((filter, index) => filterErrors(filter, `filters.${index}`, goals));
}

function panelErrors({ question }: Panel, board: NewBoard, { facts, now }: { facts: PlanFacts; now: number }) {
  if (question === null) return [];
  const date_range = question.date_range ?? board.period ?? USUAL_RANGE;
  const whole: Question = { ...question, site_id: facts.site.id, date_range };
  return questionErrors(whole, facts, now);
}

export function boardErrors(board: NewBoard, facts: PlanFacts, now: number): FieldError[] {
  const period = periodOf(board.period ?? USUAL_RANGE, { now, timeZone: facts.site.timeZone });
  if ("problem" in period) return [{ path: "period", message: period.problem }];
  return [
    ...ownFilterErrors(board, facts),
    ...board.panels.flatMap((panel, index) =>
      within(panelErrors(panel, board, { facts, now }), `panels.${index}.question`),
    ),
  ];
}
