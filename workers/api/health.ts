import { Hono } from "hono";
import * as z from "zod";
import type { Env } from "../env.ts";
import { readiness } from "../store/readiness.ts";
import { operation } from "./operation.ts";

const readinessSchema = z.strictObject({
  status: z.enum(["ready", "not ready"]),
  checks: z.strictObject({ d1: z.boolean(), kv: z.boolean() }),
});

/** Liveness at `/health`; readiness, with a look at D1 and KV, at `/health/ready`. */
export const health = new Hono<{ Bindings: Env }>()
  .get(
    "/",
    operation({
      summary: "See whether it lives",
      needs: "nothing",
      replies: { 200: z.strictObject({ status: z.literal("ok") }) },
    }),
    (c) => c.json({ status: "ok" }),
  )
  .get(
    "/ready",
    operation({
      summary: "See whether D1 and KV answer",
      needs: "nothing",
      replies: { 200: readinessSchema, 503: readinessSchema },
    }),
    async (c) => {
      const checks = await readiness(c.env);
      const ready = Object.values(checks).every(Boolean);
      return c.json({ status: ready ? "ready" : "not ready", checks }, ready ? 200 : 503);
    },
  );
