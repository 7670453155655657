// Each test file starts on an empty database that has the migrations of the checkout.

import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { Env as WorkerEnv } from "../../workers/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      TEST_MIGRATIONS: D1Migration[];
      LOW_SHIELD: RateLimit;
      /** As JSON; [] where the files are absent. */
      DAILY_SERIES: string;
      /** Address of `test/support/receiver.ts`. */
      RECEIVER: string;
      FUZZ_SECONDS: string;
      FUZZ_SEED: string;
    }
    interface GlobalProps {
      mainModule: typeof import("../../workers/index.ts");
    }
  }
}

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
