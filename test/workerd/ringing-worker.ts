// The product's Worker with a door at which a test has the minute's cron ring ahead of its time. Served by
// test/support/serve-ringing.ts alone.
import type { Env } from "../../workers/env.ts";
import product from "../../workers/index.ts";
import { runDueJobs } from "../../workers/jobs/index.ts";

export * from "../../workers/index.ts";

export default {
  ...product,
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/ring") return product.fetch(request, env, ctx);
    await runDueJobs("* * * * *", env, Date.now() + Number(searchParams.get("minutes")) * 60_000);
    return new Response(null, { status: 204 });
  },
} satisfies ExportedHandler<Env>;
