// What can be done with targets of metrics, be they of a site or of the system. Settings go in and never out.
import * as z from "zod";
import { refusalOf } from "../delivery/outgoing.ts";
import { allowsPrivate } from "../delivery/send-notice.ts";
import { isTargetKind, sendSamples } from "../delivery/send-samples.ts";
import { targets as kinds } from "../delivery/targets/index.ts";
import { AppError, fieldErrors } from "../domain/errors.ts";
import type { SentSample } from "../domain/metric-sample.ts";
import { USUAL_METRICS } from "../query/site-samples.ts";
import {
  addMetricTarget,
  listMetricTargets,
  type Measured,
  type MetricTarget,
  MOST_TARGETS,
  openMetricTarget,
  removeMetricTarget,
} from "../store/metric-targets.ts";
import type { AppContext } from "./access.ts";
import { recordChange } from "./audit-trail.ts";
import type { testedReply } from "./metric-target-replies.ts";
import { BY_AGE, pageOfAll } from "./paging.ts";
import { invalidField, invalidFields } from "./problem.ts";
import { readValid } from "./read-json.ts";

export const newTargetSchema = z.strictObject({
  kind: z.string().max(40),
  label: z.string().trim().min(1).max(120),
  /** As the kind's schema says: `GET /api/v1/metric-target-kinds`. */
  config: z.record(z.string(), z.unknown()),
  /** Minutes. */
  everyMinutes: z.union([z.literal(1), z.literal(5)]).default(5),
  /** Of a site: names of its metrics. Of the system all is sent. */
  metrics: z
    .array(z.string().max(60))
    .max(50)
    .default([...USUAL_METRICS]),
});

export type NewTargetFields = z.infer<typeof newTargetSchema>;

/** The settings, checked by the kind's schema; throws with the path of each that is not right. */
function checkedConfig(c: AppContext, { kind, config }: NewTargetFields): unknown {
  if (!isTargetKind(kind)) throw invalidField("kind", `use one of ${Object.keys(kinds).join(", ")}`);
  const read = (kinds[kind].config as z.ZodType).safeParse(config); // each is one
  if (!read.success) {
    throw invalidFields(fieldErrors(read.error.issues).map((one) => ({ ...one, path: `config.${one.path}` })));
  }
  const { url } = config;
  const refusal = typeof url === "string" ? refusalOf(url, { privateToo: allowsPrivate(c.env) }) : null;
  if (refusal) throw invalidField("config.url", refusal);
  return read.data;
}

export async function listTargets(c: AppContext, of: Measured) {
  const { entries, next } = await pageOfAll(c, await listMetricTargets(c.env.DB, of), BY_AGE);
  return { targets: entries, next };
}

/** `check` throws for metrics that cannot be sent. */
export async function makeTarget(
  c: AppContext,
  of: Measured,
  { check, teamId }: { check: (asked: NewTargetFields) => Promise<string[]>; teamId?: string },
): Promise<MetricTarget> {
  const asked = await readValid(c.req.raw, newTargetSchema);
  const config = checkedConfig(c, asked);
  const metrics = await check(asked);
  const { kind, label, everyMinutes } = asked;
  const target = { id: crypto.randomUUID(), kind, label, everyMinutes, metrics, createdAt: Date.now() };
  if (!(await addMetricTarget(c.env, of, { ...target, config }))) {
    throw new AppError("conflict", `there are ${MOST_TARGETS} targets; remove some first`);
  }
  recordChange(c, { made: target.id, after: { kind, label, everyMinutes, metrics }, ...(teamId && { teamId }) });
  return { ...target, told: "", toldAt: 0, failures: 0 };
}

async function targetAt(c: AppContext, of: Measured) {
  const found = await openMetricTarget(c.env, of, c.req.param("targetId") ?? "");
  if (!found) throw new AppError("not_found", "there is no such target of metrics");
  return found;
}

/** One value that says that somebody looks whether it arrives. */
function testSample(of: Measured): SentSample {
  return {
    name: "edgewise_target_test",
    about: "Somebody pressed the button to test the target.",
    unit: "count",
    labels: of === "" ? {} : { site: of },
    value: 1,
    since: null,
    added: null,
  };
}

export async function testTarget(c: AppContext, of: Measured, teamId?: string): Promise<z.infer<typeof testedReply>> {
  const { kind, config } = await targetAt(c, of);
  const delivered = await sendSamples(c.env, { kind, config, batch: { samples: [testSample(of)], at: Date.now() } });
  recordChange(c, { after: { result: delivered.result }, ...(teamId && { teamId }) });
  return delivered;
}

export async function removeTarget(c: AppContext, of: Measured, teamId?: string): Promise<void> {
  const { id, kind, label } = await targetAt(c, of);
  await removeMetricTarget(c.env.DB, of, id);
  recordChange(c, { before: { kind, label }, ...(teamId && { teamId }) });
}
