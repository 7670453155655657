// What conditions and channels there are, with the schemas that forms are made of.
import { Hono } from "hono";
import * as z from "zod";
import { detectors } from "../alerts/detectors/index.ts";
import { channels } from "../delivery/channels/index.ts";
import { conditionSchema, MINUTE_METRICS } from "../domain/alert.ts";
import type { Env } from "../env.ts";
import { operation } from "./operation.ts";

export const kindReply = z.strictObject({
  kind: z.string(),
  label: z.string(),
  about: z.string(),
  /** JSON Schema of its settings. */
  schema: z.record(z.string(), z.unknown()),
});

export const jsonSchema = (schema: z.ZodType): Record<string, unknown> => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
};

export const alertKinds = new Hono<{ Bindings: Env }>().get(
  "/",
  operation({
    summary: "List the kinds of conditions and channels of alerts",
    needs: "nothing",
    replies: {
      200: z.strictObject({
        conditions: z.array(kindReply),
        channels: z.array(kindReply),
        /** Known by the minute; every other metric is known by the hour. */
        minute_metrics: z.array(z.string()),
      }),
    },
  }),
  (c) =>
    c.json({
      conditions: conditionSchema.options.map((option) => {
        const kind = option.shape.kind.value;
        const { label, about } = detectors[kind];
        return { kind, label, about, schema: jsonSchema(option) };
      }),
      channels: Object.entries(channels).map(([kind, { label, about, config }]) => ({
        kind,
        label,
        about,
        schema: jsonSchema(config),
      })),
      minute_metrics: [...MINUTE_METRICS],
    }),
);
