// The benchmark's server with what may be asked of it beyond the product's API.

import { connectTestApi, type TestApi } from "../test/support/api.ts";
import { startTestServer, type TestServer } from "../test/support/server.ts";
import type { AlertRead, Counters } from "./billed.ts";
import { type Reference, referenceOf, type Shape } from "./reference/events.ts";
import { DAYS } from "./reference/visits.ts";

const DAY_MS = 86_400_000;
/** Some 200,000 events, so that no call lasts long. */
const GROUPS_A_CALL = 630;
const POLL_MS = 100;
const QUIET_MS = 500;

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

export interface BenchServer {
  server: TestServer;
  api: TestApi;
  /** Another one after a restart. */
  readonly workerdPid: number;
  port: number;
  counters(): Promise<Counters>;
  /** What scans hold by the engine's own account, bytes: now, and at most since last asked. */
  memory(): Promise<{ now: number; most: number }>;
  /** Makes the site and seals the reference data into it, without roll-ups. */
  fill(site: string, shape: Shape): Promise<Reference>;
  rollUp(site: string, shape: Shape): Promise<void>;
  /** The same of a site that was filled alike, with what was made of that one. */
  rollLike(site: string, like: string): Promise<void>;
  /** Settles when the site's events are copied out and no object has been called for half a second. */
  quiet(site: string): Promise<void>;
  /** The site's shards begin anew, with nothing decoded. */
  forget(site: string): Promise<void>;
  /** The job that judges alert rules, as if cron rang at that moment. */
  evaluateAlerts(at: number): Promise<AlertRead & { ms: number }>;
  /** The job that sends reports, as if cron rang at that moment. */
  sendReports(at: number): Promise<void>;
  /** A list of questions as the dashboard posts it, or one; `fresh`: with answers of before left aside. */
  ask(questions: unknown, fresh?: "fresh"): Promise<unknown>;
}

/** The 30 whole days before today, so that the reference data does not change while events come in. */
export function shapeOf(events: number, now: number): Shape {
  return { seed: 20_261, events, from: Math.floor(now / DAY_MS) * DAY_MS - DAYS * DAY_MS };
}

export const periodOf = ({ from }: Shape) => ({ from, to: from + DAYS * DAY_MS });

export const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export async function startBenchServer(env: Record<string, string> = {}): Promise<BenchServer> {
  const server = await startTestServer({ trustProxy: true, script: "bench/serve.ts", env });
  const api = connectTestApi(server);
  const order = async <Reply>(name: string, body: unknown = {}): Promise<Reply> => {
    const answer = await api.request<Reply>("POST", `/bench/${name}`, { body });
    if (answer.status === 200) return answer.body;
    throw new Error(`${name}: ${answer.status}\n${server.output().slice(-2000)}`);
  };
  const forget = (site: string) => order<void>("forget", { site });

  async function rollUp(site: string, shape: Shape): Promise<void> {
    await order("rollAllUp", { site, ...periodOf(shape) });
    await forget(site);
    while ((await order<number>("unrolled", { site })) > 0) await pause(POLL_MS);
  }

  return {
    server,
    api,
    get workerdPid() {
      const [pid] = server.pids().workerd;
      if (pid === undefined) throw new Error("the server runs without workerd");
      return pid;
    },
    port: Number(new URL(server.url).port),
    counters: () => order<Counters>("counters"),
    memory: () => order("memory"),
    async fill(site, shape) {
      await api.createSite({ id: site });
      for (let first = 0; ; first += GROUPS_A_CALL) {
        if (await order<boolean>("fill", { site, shape, first, end: first + GROUPS_A_CALL })) break;
      }
      await forget(site);
      return referenceOf(shape);
    },
    rollUp,
    async rollLike(site, like) {
      await order("rollLike", { site, like });
      await forget(site);
    },
    async quiet(site) {
      const calls = async () => (await order<Counters>("counters")).objectRequests;
      for (let before = Number.NaN, now = await calls(); now !== before; before = now, now = await calls()) {
        while ((await order<number>("unflushed", { site })) > 0) await pause(POLL_MS);
        await pause(QUIET_MS);
      }
    },
    forget,
    evaluateAlerts: (at) => order("evaluateAlerts", { at }),
    sendReports: (at) => order("sendReports", { at }),
    async ask(questions, fresh) {
      const headers: Record<string, string> = fresh ? { "cache-control": "no-cache" } : {};
      const { status, body } = await api.request("POST", "/api/v2/query", { body: questions, headers });
      if (status !== 200) throw new Error(`a question was answered ${status}: ${JSON.stringify(body)}`);
      return body;
    },
  };
}
