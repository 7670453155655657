// What conditions and channels there are, with the schemas that forms are made of.
import { Hono } from "hono";
import * as z from "zod";
import { detectors } from "../alerts/detectors/index.ts";
import { alertTemplates } from "../catalog/alert-templates.ts";
import { channels } from "../delivery/channels/index.ts";
import { alertRuleSchema, SPLIT_DIMENSIONS } from "../domain/alert.ts";
import { conditionSchema } from "../domain/alert-condition.ts";
import { MINUTE_METRICS } from "../domain/condition-step.ts";
import { WATCHED_METRICS } from "../domain/watched-metrics.ts";
import type { Env } from "../env.ts";
import { operation } from "./operation.ts";

export const kindReply = z.strictObject({
  kind: z.string(),
  label: z.string(),
  about: z.string(),
  /** JSON Schema of its settings. */
  schema: z.record(z.string(), z.unknown()),
});

const OF_RULE = {
  label: "Another rule",
  about: "Holds while another rule of the site fires, or while it does not.",
};

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
        /** Beside the metrics of questions and, as `kpi:<id>`, the site's KPIs. */
        watched_metrics: z.array(z.strictObject({ name: z.string(), label: z.string(), about: z.string() })),
        split_dimensions: z.array(z.string()),
        /** Rules to begin with, of every site and by pack; what they leave out is as in a new rule. */
        templates: z.array(z.strictObject({ label: z.string(), rules: z.array(alertRuleSchema) })),
      }),
    },
  }),
  (c) =>
    c.json({
      conditions: conditionSchema.options.map((option) => {
        const kind = option.shape.kind.value;
        const { label, about } = kind === "rule" ? OF_RULE : detectors[kind];
        return { kind, label, about, schema: jsonSchema(option) };
      }),
      channels: Object.entries(channels).map(([kind, { label, about, config }]) => ({
        kind,
        label,
        about,
        schema: jsonSchema(config),
      })),
      minute_metrics: [...MINUTE_METRICS],
      watched_metrics: Object.entries(WATCHED_METRICS).map(([name, { label, about }]) => ({ name, label, about })),
      split_dimensions: [...SPLIT_DIMENSIONS],
      templates: alertTemplates.map(({ label, rules }) => ({
        label,
        rules: rules.map((rule) => alertRuleSchema.parse(rule)),
      })),
    }),
);
