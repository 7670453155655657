// What the product endpoints answer, as schemas.
import * as z from "zod";
import type { Day, MetricChange } from "../query/product.ts";

const number = z.number().nullable();
const span = z.strictObject({ from: z.string(), to: z.string() });

const changeSchema = z
  .strictObject({ value: number, before: number, change: number })
  .meta({ id: "MetricChange" }) satisfies z.ZodType<MetricChange>;
const changes = z.record(z.string(), changeSchema);

const daySchema = z
  .strictObject({ date: z.string(), before: z.string().nullable(), metrics: changes })
  .meta({ id: "ProductDay" }) satisfies z.ZodType<Day>;

const asked = {
  period: z.strictObject({ ...span.shape, running: z.boolean() }),
  comparison: span.nullable(),
  timeZone: z.string(),
  exact: z.boolean(),
};
const page = { total: z.int(), next: z.string().nullable() };

export const reportReply = z.strictObject({ ...asked, metrics: changes, days: z.array(daySchema).exactOptional() });

export const agentReply = z.strictObject({ id: z.string(), ...reportReply.shape });

export const agentsReply = z.strictObject({
  ...asked,
  agents: z.array(z.strictObject({ id: z.string(), metrics: changes })),
  ...page,
});

export const conversationsReply = z.strictObject({
  ...reportReply.shape,
  conversations: z.array(
    z.strictObject({
      id: z.string(),
      agents: z.array(z.string()),
      ended: z.boolean(),
      resolved: z.boolean(),
      handedOff: z.boolean(),
      metrics: z.record(z.string(), number),
    }),
  ),
  ...page,
});
