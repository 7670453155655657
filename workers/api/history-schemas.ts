// History of other tools, and the comparison with it, as the API tells of them.
import * as z from "zod";
import { HISTORY_MEASURES, HISTORY_TOOLS, type History, type HistoryContent } from "../domain/history.ts";
import { CAUSES, COMPARED, type Reconciliation } from "../domain/reconciliation.ts";

const keysOf = <Key extends string>(all: Readonly<Record<Key, unknown>>) => Object.keys(all) as [Key, ...Key[]]; // its own

export const historyTool = z.enum(keysOf(HISTORY_TOOLS));

const content = {
  tool: historyTool,
  from: z.string(),
  to: z.string(),
  panels: z.array(z.strictObject({ panel: z.string(), measures: z.array(z.enum(HISTORY_MEASURES)), rows: z.number() })),
  totals: z.record(z.enum(HISTORY_MEASURES), z.number().nullable()),
  notes: z.array(z.string()),
};

export const historyPreview = z.strictObject(content) satisfies z.ZodType<HistoryContent>;

export const historyReply = z.strictObject({
  id: z.string(),
  name: z.string(),
  createdAt: z.number(),
  ...content,
}) satisfies z.ZodType<History>;

const counts = z.record(z.enum(COMPARED), z.number().nullable());
const row = z.strictObject({ value: z.string(), theirs: counts, ours: counts });
const list = z.strictObject({ rows: z.array(row), total: z.number() }).nullable();

export const reconciliationReply = z.strictObject({
  history: z.strictObject({ id: z.string(), tool: historyTool, name: z.string() }),
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  totals: row,
  explained: z.array(
    z.strictObject({
      measure: z.enum(COMPARED),
      theirs: z.number().nullable(),
      ours: z.number(),
      difference: z.number().nullable(),
      causes: z.array(
        z.strictObject({
          cause: z.enum(keysOf(CAUSES)),
          amount: z.number(),
          share: z.number().nullable(),
          atMost: z.boolean(),
          evidence: z.string(),
        }),
      ),
      unexplained: z.number().nullable(),
    }),
  ),
  days: z.array(row),
  pages: list,
  sources: list,
  untraceable: z.array(z.string()),
}) satisfies z.ZodType<Reconciliation>;
