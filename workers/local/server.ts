// The whole product on one machine: the production Worker in workerd, served from workerd's own socket, on embedded D1,
// Durable Objects and KV, with a clock of its own for cron.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response, type V4WorkerOptionsShape } from "miniflare";
import { buildAssetsWorker, buildDashboard, buildWorker, dashboardIsBuilt, root, type WorkerModule } from "./build.ts";
import { startCron } from "./cron.ts";
import { migrate } from "./migrate.ts";
import { endOrphans, recordProcesses } from "./workerd-processes.ts";

export interface ServerOptions {
  /** Default: PORT or 8787. 0 takes a free one. */
  port?: number;
  /** State folder; default: EDGEWISE_DATA or `.edgewise`. */
  dataDir?: string;
  /** Address to bind; anything but loopback needs a trusted proxy in front. */
  host?: string;
  trustProxy?: boolean;
  /** The Worker's entry; default: the product's. */
  main?: string;
}

export interface Server {
  url: string;
  adminToken: string;
  dataDir: string;
  /** True when this start made the folder, and so the token. */
  isFirstStart: boolean;
  stop(): Promise<void>;
}

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

function ownToken(dataDir: string): { adminToken: string; isFirstStart: boolean } {
  const file = join(dataDir, "admin-token");
  if (existsSync(file)) return { adminToken: readFileSync(file, "utf8").trim(), isFirstStart: false };
  const adminToken = randomBytes(24).toString("base64url");
  writeFileSync(file, `${adminToken}\n`);
  chmodSync(file, 0o600);
  return { adminToken, isFirstStart: true };
}

/** Fails early and clearly when the port is taken; workerd would only say so in its log. */
async function freePort(host: string, port: number): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      fail(error.code === "EADDRINUSE" ? new Error(`port ${port} is in use; set PORT to another`) : error),
    );
    probe.listen(port, host, () => {
      const address = probe.address();
      const found = typeof address === "object" && address ? address.port : port;
      probe.close(() => done(found));
    });
  });
}

interface Settings {
  host: string;
  port: number;
  dataDir: string;
  adminToken: string;
  trustProxy: boolean;
  main?: string | undefined;
}

// The files are served by a Worker of their own: in front of a Worker with assets miniflare's socket puts a proxy, which
// costs each beacon more than all the rest of its way.
const ASSETS_WORKER = "edgewise-assets";

/** Bytes, for the Worker, which cannot see them. */
function diskOf(folder: string): { free: number; size: number } {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { free: bavail * bsize, size: blocks * bsize };
}

const asModules = (modules: readonly WorkerModule[]) =>
  modules.map(({ path, contents }) => ({ type: "ESModule" as const, path: join(root, path), contents }));

async function miniflareOptions({ host, port, dataDir, adminToken, trustProxy, main }: Settings) {
  const { unstable_getMiniflareWorkerOptions } = await import("wrangler");
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, "wrangler.toml"));
  // No shield: on one machine it would cost each beacon a call, and the shards limit what they take by themselves. Requests
  // to the API are counted in the Worker, since miniflare's counter costs more than a board's answers.
  const { modulesRules: _, cronTriggers: __, ratelimits, assets, ...worker } = workerOptions as V4WorkerOptionsShape; // named there, lost by Omit
  const settings = {
    ADMIN_TOKEN: adminToken,
    EDGEWISE_LOCAL: "1",
    EDGEWISE_TRUST_PROXY: trustProxy ? "1" : "",
    ...(ratelimits?.API_LIMIT && { EDGEWISE_API_LIMIT: ratelimits.API_LIMIT.simple }),
    EDGEWISE_PRIVATE_CHANNELS: process.env.EDGEWISE_PRIVATE_CHANNELS ?? "",
    EDGEWISE_METRICS_TOKEN: process.env.EDGEWISE_METRICS_TOKEN ?? "",
    EDGEWISE_MAIL_FROM: process.env.EDGEWISE_MAIL_FROM ?? "",
    EDGEWISE_RESEND_KEY: process.env.EDGEWISE_RESEND_KEY ?? "",
    EDGEWISE_SMTP_URL: process.env.EDGEWISE_SMTP_URL ?? "",
  };
  return convertV4MiniflareOptions({
    port: 0,
    cf: false,
    log: new Log(LogLevel.WARN),
    resourcePersistencePath: join(dataDir, "state"),
    workers: [
      {
        ...worker,
        name: "edgewise",
        rootPath: root,
        modules: asModules(await buildWorker(main)),
        bindings: { ...worker.bindings, ...settings },
        serviceBindings: { ASSETS: ASSETS_WORKER, HOST: () => Response.json(diskOf(dataDir)) },
        unsafeDirectSockets: [{ host, port, proxy: false }],
      },
      {
        name: ASSETS_WORKER,
        rootPath: root,
        ...(worker.compatibilityDate && { compatibilityDate: worker.compatibilityDate }),
        modules: asModules(await buildAssetsWorker()),
        // It sees every file before it goes out.
        ...(assets && { assets: { ...assets, run_worker_first: true } }),
      },
    ],
  });
}

/**
 * What workerd reads from its environment. Unless told otherwise glibc claims restartable sequences for itself, which puts
 * workerd's allocator off its fast path. What a request leaves behind of workerd's own is freed by a whole collection alone,
 * in one go that everybody waits for: kept small, it comes often and is short.
 */
function tuneWorkerd(): void {
  process.env.GLIBC_TUNABLES ??= "glibc.pthread.rseq=0";
  process.env.MINIFLARE_WORKERD_V8_FLAGS ??=
    "--min-semi-space-size=8 --max-semi-space-size=8 --heap-growing-percent=30";
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  process.env.WRANGLER_SEND_METRICS = "false";
  tuneWorkerd();
  const dataDir = resolve(options.dataDir ?? process.env.EDGEWISE_DATA ?? join(root, ".edgewise"));
  const host = options.host ?? process.env.HOST ?? "127.0.0.1";
  const trustProxy = options.trustProxy ?? process.env.EDGEWISE_TRUST_PROXY === "1";
  if (!LOOPBACK.has(host) && !trustProxy) {
    throw new Error(
      `refusing to listen on ${host}: visitors would have no address. Put a proxy in front that sets X-Forwarded-For and set EDGEWISE_TRUST_PROXY=1`,
    );
  }
  mkdirSync(dataDir, { recursive: true });
  const serverFile = join(dataDir, "server.json");
  await endOrphans(serverFile);
  const wanted = options.port ?? Number(process.env.PORT || 8787);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65_535) {
    throw new Error(`PORT must be a number from 0 to 65535, not ${process.env.PORT}`);
  }
  const port = await freePort(host, wanted);
  const forgetProcesses = recordProcesses(serverFile);
  if (!dashboardIsBuilt()) await buildDashboard();
  const { adminToken, isFirstStart } = ownToken(dataDir);
  const miniflare = new Miniflare(
    await miniflareOptions({ host, port, dataDir, adminToken, trustProxy, main: options.main }),
  );
  await miniflare.ready;
  await migrate(await miniflare.getD1Database("DB"), join(root, "migrations"));
  const cron = await startCron(miniflare);
  return {
    url: `http://${host}:${port}`,
    adminToken,
    dataDir,
    isFirstStart,
    async stop() {
      cron.stop();
      await miniflare.dispose();
      forgetProcesses();
    },
  };
}
