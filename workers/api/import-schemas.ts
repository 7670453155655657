// Imports as the API takes and tells of them.
import * as z from "zod";
import { importedEventSchema, importSchema } from "../domain/beacon.ts";
import type { Import } from "../store/imports.ts";

/** With what each line is checked by. */
export const linesSchema = importSchema.extend({
  events: z.array(importedEventSchema.meta({ id: "ImportedEvent" })).max(2000),
});

export const importReply = importSchema.shape.import
  .extend({
    state: z.enum(["open", "finished", "undoing", "undone"]),
    createdAt: z.int(),
    events: z.int(),
    nextLine: z.int().nullable(),
  })
  .meta({ id: "Import" }) satisfies z.ZodType<Omit<Import, "siteId">>;
