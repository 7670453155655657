// What a funnel asks: as clients write it, and as shards take it.

import * as z from "zod";
import { funnelSchema, personSchema, windowSchema } from "../domain/funnel.ts";
import { MOST_MATCHERS } from "../domain/question.ts";
import { asks } from "./analysis.ts";
import type { AttemptRule } from "./funnel-attempt.ts";
import { namedFilterSchema, nameOf } from "./people.ts";
import { dimensionSchema } from "./table.ts";

export const funnelParams = z.strictObject({
  steps: z.array(namedFilterSchema).min(2).max(MOST_MATCHERS),
  window: windowSchema.nullable(),
  by: personSchema,
  strict: z.boolean(),
  breakdown: dimensionSchema.nullable(),
  elsewhere: z.boolean(),
});
export type FunnelParams = z.infer<typeof funnelParams>;

export const askFunnel = asks(funnelSchema, (written, question): FunnelParams => {
  written.steps.forEach((step, index) => {
    const { name: _, ...what } = step;
    const { name: __, ...before } = written.steps[index - 1] ?? {};
    if (index > 0 && !written.strict && JSON.stringify(what) === JSON.stringify(before)) {
      const message = "the same as the step before, so that one event would reach both; set params.strict to true";
      question.refuse(`params.steps.${index}`, message);
    }
  });
  return {
    ...written,
    steps: written.steps.map((step, index) => ({
      name: nameOf(step),
      filter: question.matcher(step, `params.steps.${index}`),
    })),
    window: written.window ?? null,
    breakdown: written.breakdown ? question.dimension(written.breakdown, "params.breakdown") : null,
    elsewhere: question.elsewhere,
  };
});

export function ruleOf({ window, strict }: FunnelParams): AttemptRule {
  return { window: window === "session" ? null : window, strict };
}
