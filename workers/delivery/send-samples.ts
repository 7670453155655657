// Samples to a target by its name, whatever happens there.
import type { Delivered } from "./channel.ts";
import { outgoing } from "./outgoing.ts";
import { allowsPrivate, type DeliveryBindings } from "./send-notice.ts";
import type { Batch, Target } from "./target.ts";
import { targets } from "./targets/index.ts";

export type TargetKind = keyof typeof targets;

export const isTargetKind = (kind: string): kind is TargetKind => Object.hasOwn(targets, kind);

/** `unsure`: no answer came, so that it may have arrived. */
export type SamplesDelivered = Delivered | { result: "unsure"; told: string };

export async function sendSamples(
  env: DeliveryBindings,
  { kind, config, batch }: { kind: string; config: unknown; batch: Batch },
): Promise<SamplesDelivered> {
  if (!isTargetKind(kind)) return { result: "failed", told: `there is no kind of target ${kind} any more` };
  // Each target is given what its own schema has read.
  const target = targets[kind] as Target<unknown>;
  const read = target.config.safeParse(config);
  if (!read.success) return { result: "failed", told: "the target's settings cannot be read; make it anew" };
  const ports = { fetch: outgoing((url, init) => fetch(url, init), { privateToo: allowsPrivate(env) }) };
  try {
    return await target.send(batch, read.data, ports);
  } catch (error) {
    return { result: "unsure", told: `no answer came: ${error instanceof Error ? error.message : error}` };
  }
}
