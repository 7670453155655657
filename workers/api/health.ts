import { Hono } from "hono";
import type { Env } from "../env.ts";

/** Liveness at `/health`; readiness, with a look at D1 and KV, at `/health/ready`. */
export const health = new Hono<{ Bindings: Env }>()
  .get("/", (c) => c.json({ status: "ok" }))
  .get("/ready", async (c) => {
    const checks = {
      d1: await c.env.DB.prepare("select 1 from sites limit 1")
        .all()
        .then(
          () => true,
          () => false,
        ),
      kv: await c.env.SECRETS.get("identity").then(
        () => true,
        () => false,
      ),
    };
    const ready = Object.values(checks).every(Boolean);
    return c.json({ status: ready ? "ready" : "not ready", checks }, ready ? 200 : 503);
  });
