// The benchmark's server with what may be asked of it beyond the product's API.

import { connectTestApi, type TestApi } from "../test/support/api.ts";
import { startTestServer, type TestServer } from "../test/support/server.ts";
import type { Counters } from "./billed.ts";
import { type Reference, referenceOf, type Shape } from "./reference/events.ts";
import { DAYS } from "./reference/visits.ts";

const DAY_MS = 86_400_000;
/** Some 200,000 events, so that no call lasts long. */
const GROUPS_A_CALL = 630;
const POLL_MS = 200;

export interface BenchServer {
  server: TestServer;
  api: TestApi;
  workerdPid: number;
  port: number;
  counters(): Promise<Counters>;
  /** Makes the site and seals the reference data into it; with roll-ups when told. */
  fill(site: string, shape: Shape, options: { rollUp: boolean }): Promise<Reference>;
  /** Makes the roll-ups of a site that was filled without. */
  rollUp(site: string, shape: Shape): Promise<void>;
  /** The site's shards begin anew, with nothing decoded. */
  forget(site: string): Promise<void>;
  /** A list of questions as the dashboard posts it, or one. */
  ask(questions: unknown): Promise<unknown>;
}

/** The 30 whole days before today, so that the reference data does not change while events come in. */
export function shapeOf(events: number, now: number): Shape {
  return { seed: 20_261, events, from: Math.floor(now / DAY_MS) * DAY_MS - DAYS * DAY_MS };
}

export const periodOf = ({ from }: Shape) => ({ from, to: from + DAYS * DAY_MS });

export const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

export async function startBenchServer(): Promise<BenchServer> {
  const server = await startTestServer({ trustProxy: true, script: "bench/serve.ts" });
  const api = connectTestApi(server);
  const [workerdPid] = server.pids().workerd;
  if (workerdPid === undefined) throw new Error("the server runs without workerd");
  const order = async <Reply>(name: string, body: unknown = {}): Promise<Reply> => {
    const answer = await api.request<Reply>("POST", `/bench/${name}`, { body });
    if (answer.status === 200) return answer.body;
    throw new Error(`${name}: ${answer.status}\n${server.output().slice(-2000)}`);
  };
  const forget = (site: string) => order<void>("forget", { site });

  async function rollUp(site: string, shape: Shape): Promise<void> {
    await order("rollAllUp", { site, ...periodOf(shape) });
    await forget(site);
    while ((await order<number>("unrolled", { site })) > 0) await new Promise((done) => setTimeout(done, POLL_MS));
  }

  return {
    server,
    api,
    workerdPid,
    port: Number(new URL(server.url).port),
    counters: () => order<Counters>("counters"),
    async fill(site, shape, options) {
      await api.createSite({ id: site });
      for (let first = 0; ; first += GROUPS_A_CALL) {
        if (await order<boolean>("fill", { site, shape, first, end: first + GROUPS_A_CALL })) break;
      }
      if (options.rollUp) await rollUp(site, shape);
      else await forget(site);
      return referenceOf(shape);
    },
    rollUp,
    forget,
    async ask(questions) {
      const { status, body } = await api.request("POST", "/api/v2/query", { body: questions });
      if (status !== 200) throw new Error(`a question was answered ${status}: ${JSON.stringify(body)}`);
      return body;
    },
  };
}
