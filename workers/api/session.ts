import { Hono } from "hono";
import * as z from "zod";
import type { Env } from "../env.ts";
import { requireOwner, signIn, signOut } from "./access.ts";
import { readValid } from "./read-json.ts";

const credentialsSchema = z.strictObject({ token: z.string().min(1).max(200) });

export const session = new Hono<{ Bindings: Env }>()
  .get("/", async (c) => {
    await requireOwner(c);
    const collectOrigin = c.env.EDGEWISE_COLLECT_ORIGIN;
    return c.json({ signedIn: true, role: "owner", ...(collectOrigin && { collectOrigin }) });
  })
  .post("/", async (c) => {
    const { token } = await readValid(c.req.raw, credentialsSchema);
    await signIn(c, token);
    return c.body(null, 204);
  })
  .delete("/", (c) => {
    signOut(c);
    return c.body(null, 204);
  });
