import { Hono } from "hono";
import { AppError } from "../domain/errors.ts";
import type { Env } from "../env.ts";
import { operation } from "./operation.ts";

/** The tracker, from the dashboard's build. Cached for a day by browsers, longer only while it is being revalidated. */
export const script = new Hono<{ Bindings: Env }>().get(
  "/:file",
  operation({ summary: "Load the tracker", needs: "nothing", replies: { 200: { files: ["text/javascript"] } } }),
  async (c) => {
    const found = await c.env.ASSETS?.fetch(c.req.raw);
    // A single-page fallback answers any path with the page; a script that is not there must not look like one. A browser
    // that has the script asks whether it is another one by now.
    const isThere = found?.ok || found?.status === 304;
    if (!isThere || !found.headers.get("content-type")?.includes("javascript")) {
      throw new AppError("not_found", `there is no script ${c.req.param("file")}; build the dashboard first`);
    }
    const response = new Response(found.body, found);
    response.headers.set("cache-control", "public, max-age=86400, stale-while-revalidate=604800");
    response.headers.set("access-control-allow-origin", "*");
    response.headers.set("cross-origin-resource-policy", "cross-origin");
    return response;
  },
);
