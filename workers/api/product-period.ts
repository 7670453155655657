// Which period a product endpoint is asked about, and which page of a list.

import * as z from "zod";
import { rangeText } from "../domain/period.ts";
import { dateRangeSchema } from "../domain/query.ts";
import type { Site } from "../domain/site.ts";

import { COMPARISONS, type Span, spanOf } from "../query/product.ts";
import { cursorValue } from "./cursor.ts";
import { invalidField, invalidFields } from "./problem.ts";

const asked = {
  /** A range by name; or else the first and last day, in the site's time zone. */
  date_range: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  compare: z.enum(COMPARISONS, `use one of ${COMPARISONS.join(", ")}`).default("previous_period"),
};

export const periodSchema = z.strictObject(asked);

export const LIST_ORDERS = ["asc", "desc"] as const;

export const listSchema = z.strictObject({
  ...asked,
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(1000).optional(),
  /** A metric of the list, or `id`. */
  by: z.string().max(60).optional(),
  order: z.enum(LIST_ORDERS, `use one of ${LIST_ORDERS.join(", ")}`).optional(),
  /** Of conversations: those with this agent alone. */
  agent: z.string().min(1).max(500).optional(),
});

type AskedPeriod = z.infer<typeof periodSchema>;

type DateRange = Exclude<z.infer<typeof dateRangeSchema>, "all">;

export function rangeAsked({ date_range = "30d", from, to }: Omit<AskedPeriod, "compare">): DateRange {
  const isPair = from !== undefined || to !== undefined;
  const range = dateRangeSchema.safeParse(isPair ? [from, to] : date_range);
  if (!range.success && isPair) throw invalidField("from", "use two dates such as from=2026-11-01&to=2026-11-21");
  if (!range.success || range.data === "all") throw invalidField("date_range", "use a range such as 7d, 30d or month");
  return range.data;
}

export function spanAsked(asked: AskedPeriod, site: Site, now: number): Span {
  const span = spanOf(rangeAsked(asked), asked.compare, { now, timeZone: site.timeZone });
  if ("errors" in span) throw invalidFields(span.errors);
  return span;
}

/** As the answers tell it: first and last second, with the zone's offsets. */
export function spanText({ period, comparison, running }: Span, { timeZone }: Site) {
  const text = (one: Span["period"]) => {
    const [from, to] = rangeText(one, timeZone);
    return { from, to };
  };
  return { period: { ...text(period), running }, comparison: comparison && text(comparison), timeZone };
}

/** Within the calendar of dates, since anybody can write a cursor. */
const moment = z.int().min(Date.parse("0001-01-02")).max(Date.parse("9999-12-31"));
const periodShape = z.strictObject({ from: moment, to: moment }).refine(({ from, to }) => from < to);
const cursorSchema = z.strictObject({
  offset: z.int().min(1).max(10_000_000),
  /** Of the first page, so that all pages tell of the same events. */
  span: z.strictObject({ period: periodShape, comparison: periodShape.nullable(), running: z.boolean() }),
  by: z.string().max(60),
  order: z.enum(LIST_ORDERS),
  agent: z.string().max(500).nullable(),
});

export type Cursor = z.infer<typeof cursorSchema>;

export const readCursor = (text: string): Cursor => cursorValue(text, cursorSchema);
