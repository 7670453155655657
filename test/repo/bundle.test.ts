import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./source.ts";

/** The older of the platform's published limits for a Worker, compressed; newer ones are wider. */
const WORKER_BYTES = 3 * 1024 * 1024;

const run = promisify(execFile);
const out = mkdtempSync(join(tmpdir(), "edgewise-bundle-"));
const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "1", NO_COLOR: "1" };
let log = "";

describe("wrangler deploy --dry-run", () => {
  beforeAll(async () => {
    const wrangler = `${root}node_modules/wrangler/bin/wrangler.js`;
    const { stdout, stderr } = await run(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", out], {
      cwd: root,
      env,
    });
    log = stdout + stderr;
  }, 60_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it("bundles the Worker and knows every binding", () => {
    expect(log).toContain("--dry-run: exiting now");
    for (const binding of [
      "env.DB",
      "env.SECRETS",
      "env.SITE_SHARD",
      "env.LIVE_SITE",
      "env.SIGN_IN",
      "env.AUDIT_TRAIL",
      "env.API_LIMIT",
      "env.EVENTS",
      "env.ASSETS",
    ]) {
      expect(log).toContain(binding);
    }
  });

  it("warns of nothing", () => {
    expect(log).not.toMatch(/\[WARNING\]|▲/);
  });

  it(`stays within ${WORKER_BYTES} bytes compressed`, () => {
    const modules = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) =>
      /\.(?:m?js|wasm|bin)$/.test(name),
    );
    const bytes = modules.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name))).length, 0);
    expect(modules).toContain("index.js");
    expect(bytes).toBeLessThan(WORKER_BYTES);
  });

  it("finds the dashboard's build", () => {
    expect(existsSync(`${root}dashboard/dist/index.html`), "run npm run build first").toBe(true);
  });
});
