import { app } from "./api/app.ts";
import { collect, preflight } from "./api/collect.ts";
import type { Env } from "./env.ts";
import { runDueJobs } from "./jobs/index.ts";

export { AuditTrail } from "../durable-objects/audit-trail/object.ts";
export { LiveSite } from "../durable-objects/live-site/object.ts";
export { SignIn } from "../durable-objects/sign-in/object.ts";
export { SiteShard } from "../durable-objects/site-shard/object.ts";

const COLLECT = "/api/event";

function isCollect(url: string): boolean {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  return url.startsWith(COLLECT, path) && (url.length === path + COLLECT.length || url[path + COLLECT.length] === "?");
}

export default {
  fetch(request, env, ctx) {
    if (isCollect(request.url)) {
      if (request.method === "POST") return collect(request, env);
      if (request.method === "OPTIONS") return preflight(request);
    }
    return app.fetch(request, env, ctx);
  },
  async scheduled(controller, env) {
    await runDueJobs(controller.cron, env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
