// Targets of metrics as the API tells of them.
import * as z from "zod";

export const targetReply = z
  .strictObject({
    id: z.string(),
    kind: z.string(),
    label: z.string(),
    metrics: z.array(z.string()),
    everyMinutes: z.int(),
    createdAt: z.int(),
    /** The last answer, for people, and when; empty and 0 before the first. */
    told: z.string(),
    toldAt: z.int(),
    /** Times in a row that it went wrong. */
    failures: z.int(),
  })
  .meta({ id: "MetricTarget" });

export const testedReply = z.strictObject({
  result: z.enum(["sent", "shown", "again", "failed", "gone", "unsure"]),
  told: z.string(),
});
