import { Hono } from "hono";
import * as z from "zod";
import type { Env } from "../env.ts";
import { type Health, healthOf } from "../store/system/probes.ts";
import { operation } from "./operation.ts";

const reasonsSchema = z.array(z.strictObject({ probe: z.string(), reason: z.string() }));

const healthSchema = z.strictObject({
  /** `degraded`: it serves, but something is to be seen to. `not ready`: something is lacking that it cannot serve without. */
  status: z.enum(["ok", "degraded", "not ready"]),
  reasons: reasonsSchema,
});

const readinessSchema = z.strictObject({
  status: z.enum(["ready", "not ready"]),
  checks: z.strictObject({ d1: z.boolean(), kv: z.boolean() }),
  reasons: reasonsSchema,
});

/** Anybody may ask: more often than this it is told what was seen. */
const HELD_MS = 2_000;
const seen = new WeakMap<Env, { health: Health; at: number }>();

async function look(env: Env): Promise<Health> {
  const now = Date.now();
  const known = seen.get(env);
  if (known && now >= known.at && now < known.at + HELD_MS) return known.health;
  const health = await healthOf(env, now);
  seen.set(env, { health, at: now });
  return health;
}

const reasonsOf = ({ looks }: Health, only: (look: { needed: boolean }) => boolean = () => true) =>
  looks.flatMap(({ name, needed, reason }) => (reason !== null && only({ needed }) ? [{ probe: name, reason }] : []));

/** `/health` answers 200 while it lives, and says how it is; `/health/ready` is 503 when it cannot serve. */
export const health = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "See whether it lives, and whether all is well",
      needs: "nothing",
      about: "Always 200 while it lives; status and reasons say what is to be seen to.",
      replies: { 200: healthSchema },
    }),
    async (c) => {
      const found = await look(c.env);
      return c.json({ status: found.status, reasons: reasonsOf(found) });
    },
  )
  .get(
    "/live",
    operation({
      summary: "See whether it lives",
      needs: "nothing",
      about: "Looks at nothing else.",
      replies: { 200: z.strictObject({ status: z.literal("ok") }) },
    }),
    (c) => c.json({ status: "ok" }),
  )
  .get(
    "/ready",
    operation({
      summary: "See whether it can serve",
      needs: "nothing",
      replies: { 200: readinessSchema, 503: readinessSchema },
    }),
    async (c) => {
      const found = await look(c.env);
      const isWell = (name: string) => found.looks.find((one) => one.name === name)?.reason === null;
      const ready = found.status !== "not ready";
      const reasons = reasonsOf(found, ({ needed }) => needed);
      const checks = { d1: isWell("d1"), kv: isWell("kv") };
      return c.json({ status: ready ? "ready" : "not ready", checks, reasons }, ready ? 200 : 503);
    },
  );
