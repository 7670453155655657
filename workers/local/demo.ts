// `npm run demo`: the server, a site `demo` with a month of history, and visitors who come by until Ctrl-C.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Api, connectApi, problemText, Refused } from "./replay/api.ts";
import { showProgress } from "./replay/progress.ts";
import { emptyTally } from "./replay/tally.ts";
import { startServer } from "./server.ts";
import { loadHistory } from "./simulator/demo-history.ts";
import { sendVisitors } from "./simulator/demo-live.ts";
import { announce } from "./start.ts";

const SITE = "demo";
const GOALS = [
  { name: "Sign-up", kind: "event", match: "signup" },
  { name: "Purchase", kind: "event", match: "purchase" },
  { name: "Looked at prices", kind: "page", match: "/pricing" },
] as const;

const USAGE = `The product with a demo site, at once alive.

  npm run demo -- [options]

  --days N      days of history (30)
  --rate N      beacons a second of live visitors, on average (1)
  --no-live     history only
  --json        print one line of JSON when ready: url, siteId, adminToken
PORT and EDGEWISE_DATA are honoured.
`;

interface DemoOptions {
  days: number;
  rate: number;
  live: boolean;
  json: boolean;
}

function readOptions(args: string[]): DemoOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      days: { type: "string", default: "30" },
      rate: { type: "string", default: "1" },
      "no-live": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    days: numberIn("--days", values.days, { least: 0, most: 400 }),
    rate: numberIn("--rate", values.rate, { least: 0.1, most: 500 }),
    live: !values["no-live"],
    json: values.json,
  };
}

function numberIn(option: string, text: string, { least, most }: { least: number; most: number }): number {
  const number = Number(text);
  if (number >= least && number <= most) return number;
  throw new Error(`${option} ${text}: use a number from ${least} to ${most}`);
}

/** The site and its goals; any of them may be there from an earlier run. */
async function createSite(api: Api, timeZone: string): Promise<void> {
  const site = JSON.stringify({ id: SITE, name: "Demo shop", timeZone });
  const made = await api.request({ method: "POST", path: "/api/v1/sites", body: site });
  if (made.status > 299 && made.status !== 409) throw new Refused(made.status, problemText(made.status, made.body));
  const path = `/api/v1/sites/${SITE}/goals`;
  const there = JSON.stringify(await api.expect({ method: "GET", path }));
  for (const goal of GOALS) {
    const exists = there.includes(JSON.stringify(goal.match));
    if (!exists) await api.expect({ method: "POST", path, body: JSON.stringify(goal) });
  }
}

async function fillSite(api: Api, options: { dataDir: string; days: number; signal: AbortSignal }): Promise<void> {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  await createSite(api, timeZone);
  if (options.days === 0) return;
  const tally = emptyTally();
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  let done = 0;
  const onProgress = (share: number) => {
    done = share;
  };
  const stopProgress = showProgress(process.stderr, () => ({ done, events: tally.sent, seconds: seconds() }));
  const history = { ...options, api, site: SITE, timeZone, now: Date.now(), onProgress };
  const loaded = await loadHistory(history, tally).finally(stopProgress);
  if (loaded === null) return;
  process.stderr.write(`${loaded.accepted} events of ${options.days} days in ${seconds().toFixed(1)} s\n`);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(USAGE);
    return;
  }
  const controller = new AbortController();
  const { signal } = controller;
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort());
  // Simulated visitors differ by their forwarded address.
  const server = await startServer({ trustProxy: true });
  const wait = (ms: number) => sleep(ms, undefined, { signal });
  const api = connectApi({ url: server.url, key: server.adminToken, patienceMs: 60_000, signal, wait });
  try {
    await fillSite(api, { dataDir: server.dataDir, days: options.days, signal });
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ url: server.url, siteId: SITE, adminToken: server.adminToken })}\n`);
    } else announce(server);
    if (options.live) await sendVisitors({ api, site: SITE, rate: options.rate, signal });
    else await stopped(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await server.stop();
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // The timer keeps the process alive: a listener alone does not.
    const timer = setInterval(() => {}, 60_000);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      resolve();
    });
  });
}

await main();
