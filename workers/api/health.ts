import { Hono } from "hono";
import type { Env } from "../env.ts";
import { readiness } from "../store/readiness.ts";

/** Liveness at `/health`; readiness, with a look at D1 and KV, at `/health/ready`. */
export const health = new Hono<{ Bindings: Env }>()
  .get("/", (c) => c.json({ status: "ok" }))
  .get("/ready", async (c) => {
    const checks = await readiness(c.env);
    const ready = Object.values(checks).every(Boolean);
    return c.json({ status: ready ? "ready" : "not ready", checks }, ready ? 200 : 503);
  });
