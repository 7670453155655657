// Whom an analysis counts, in words: the param, and the note where ids that change daily cannot carry the question.

import * as z from "zod";
import type { Period } from "../domain/period.ts";
import { filterSchema, type QueryNote } from "../domain/query.ts";
import type { Matcher } from "../domain/question.ts";

/** A matcher as shards take it. */
export const namedFilterSchema = z.strictObject({ name: z.string(), filter: filterSchema });

export function nameOf({ name, event, page, goal }: Matcher): string {
  return name ?? goal ?? ([event, page].filter((part) => part !== undefined).join(" ") || "filter");
}

/** A local day may have 25 hours. */
const LONGEST_DAY = 25 * 3_600_000;

/** Nothing where nobody's id rotates, or the period is a day, within which such ids stay. */
export function rotationNotes(rotating: number, period: Period, effect: string): QueryNote[] {
  if (rotating === 0 || period.to - period.from <= LONGEST_DAY) return [];
  const whose = rotating === 1 ? "1 visitor id of this period ends" : `${rotating} visitor ids of this period end`;
  return [
    {
      code: "rotating_ids",
      message: `${whose} at midnight; ${effect}. With consent, send a persistentId or a userId`,
    },
  ];
}
