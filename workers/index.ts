import { app } from "./api/app.ts";
import { collect, preflight } from "./api/collect.ts";
import type { Env } from "./env.ts";
import { runDueJobs } from "./jobs/index.ts";
import { claimWriting, countUse, writeMeasures } from "./store/system/gather.ts";
import { meteredEnv } from "./store/system/metered-database.ts";

export { AuditTrail } from "../durable-objects/audit-trail/object.ts";
export { LiveSite } from "../durable-objects/live-site/object.ts";
export { SignIn } from "../durable-objects/sign-in/object.ts";
export { SiteShard } from "../durable-objects/site-shard/object.ts";

const COLLECT = "/api/event";

function isCollect(url: string): boolean {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  return url.startsWith(COLLECT, path) && (url.length === path + COLLECT.length || url[path + COLLECT.length] === "?");
}

/** What comes at once, such as a page's requests, is written at once. */
const GATHER_MS = 5_000;

async function gatherMeasures(db: D1Database): Promise<void> {
  await scheduler.wait(GATHER_MS);
  await writeMeasures(db, Date.now());
}

export default {
  fetch(request, bindings, ctx) {
    const env = meteredEnv(bindings);
    countUse("workerRequests");
    if (claimWriting(Date.now())) ctx.waitUntil(gatherMeasures(env.DB));
    if (isCollect(request.url)) {
      if (request.method === "POST") return collect(request, env);
      if (request.method === "OPTIONS") return preflight(request);
    }
    return app.fetch(request, env, ctx);
  },
  async scheduled(controller, bindings) {
    const env = meteredEnv(bindings);
    await runDueJobs(controller.cron, env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
