// The product's Worker as a deployment would have it whose wrangler.toml lacks the binding LIVE_SITE.
import type { Env } from "../../workers/env.ts";
import product from "../../workers/index.ts";

export { AuditTrail, LiveSite, SignIn, SiteShard } from "../../workers/index.ts";

const lacking = (env: Env): Env => ({ ...env, LIVE_SITE: undefined as never }); // which is the point

export default {
  fetch: (request, env, ctx) => product.fetch(request, lacking(env), ctx),
  scheduled: (controller, env) => product.scheduled(controller, lacking(env)),
} satisfies ExportedHandler<Env>;
