// A plan in a file: YAML, or JSON by its ending.

import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { fieldErrors } from "../../domain/errors.ts";
import { trackingPlanSchema } from "../../domain/plan-schema.ts";
import type { TrackingPlan } from "../../domain/tracking-plan.ts";
import { UsageError } from "../replay/usage-error.ts";

const isJson = (file: string): boolean => file.toLowerCase().endsWith(".json");

export async function readPlanFile(file: string): Promise<TrackingPlan> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UsageError(`${file} cannot be read`);
  });
  let content: unknown;
  try {
    content = isJson(file) ? JSON.parse(text) : parse(text);
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const plan = trackingPlanSchema.safeParse(content);
  if (plan.success) return plan.data;
  const wrong = fieldErrors(plan.error.issues).map(({ path, message }) => `  ${path || "the file"}: ${message}`);
  throw new UsageError(`${file} is no tracking plan:\n${wrong.join("\n")}`);
}

export function planText(plan: TrackingPlan, file: string): string {
  return isJson(file) ? `${JSON.stringify(plan, null, 2)}\n` : stringify(plan, { lineWidth: 120 });
}
