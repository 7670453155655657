// Five projects, one run. `pure` and `repo` take seconds; `workerd` runs inside the real runtime, on the bindings of
// wrangler.toml; `e2e` starts servers and browsers, so its files go last and one at a time.

import { fileURLToPath } from "node:url";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { configDefaults, defineConfig } from "vitest/config";
import { dailySeries } from "./support/read-daily-series.ts";
import { startReceiver } from "./support/receiver.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The owner's token of the Worker under test. */
export const TEST_ADMIN_TOKEN = "test-admin-token";

const node = {
  environment: "node" as const,
  exclude: [...configDefaults.exclude, "**/.edgewise/**", "**/.wrangler/**"],
};

export default defineConfig({
  root,
  // Every project names what it needs; the dashboard's own vite.config.ts is for its build.
  cacheDir: `${root}node_modules/.vite`,
  test: {
    projects: [
      {
        root,
        test: { ...node, name: "pure", include: ["test/pure/**/*.test.ts"], sequence: { groupOrder: 0 } },
      },
      {
        root,
        test: {
          ...node,
          name: "repo",
          include: ["test/repo/**/*.test.ts"],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
        test: {
          ...node,
          name: "dashboard",
          include: ["test/dashboard/**/*.test.{ts,tsx}"],
          sequence: { groupOrder: 0 },
        },
      },
      {
        root,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: `${root}wrangler.toml` },
            miniflare: {
              // As COLLECT_SHIELD, but low enough to be reached.
              ratelimits: { LOW_SHIELD: { namespace_id: "1", simple: { limit: 3, period: 60 } } },
              bindings: {
                ADMIN_TOKEN: TEST_ADMIN_TOKEN,
                DAILY_SERIES: JSON.stringify(dailySeries()),
                RECEIVER: await startReceiver(),
                FUZZ_SECONDS: process.env.EDGEWISE_FUZZ_SECONDS ?? "0",
                FUZZ_SEED: process.env.EDGEWISE_SEED ?? "1",
                TEST_MIGRATIONS: await readD1Migrations(`${root}migrations`),
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          include: ["test/workerd/**/*.test.ts"],
          setupFiles: ["test/workerd/setup.ts"],
          testTimeout: 20_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        root,
        test: {
          ...node,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
