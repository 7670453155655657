// Senders that never give up, for servers that are killed in between: what is not acknowledged is sent again under the
// same id, marked as a retry and from another address, as from a telephone that changed its network. Some of what was
// acknowledged is sent again too, as if the acknowledgement had been lost on its way.

import { setTimeout as wait } from "node:timers/promises";
import { connectTestApi, type SentEvent } from "./api.ts";
import type { TestServer } from "./server.ts";

export interface StubbornOptions {
  site: string;
  /** Senders of events one by one, of batches, and of import lines. */
  singles: number;
  batches: number;
  imports: number;
}

export interface StubbornLoad {
  /** Paths of the events that the server said it has; each event has a path of its own. */
  acknowledged: ReadonlySet<string>;
  /** Requests that were sent again for want of an acknowledgement. */
  readonly repeats: number;
  /**
   * Settles with the acknowledgement that makes it so many more, so that a kill can follow on its heels; rejects on an
   * answer that says neither yes nor "again".
   */
  more(count: number): Promise<void>;
  /** Sends nothing new, waits until all that was begun is acknowledged, and closes the imports. */
  finish(): Promise<void>;
}

const BATCH = 20;
const LINES = 50;
/** One in so many requests is repeated at once, and the first so many of each sender at the end. */
const LOST_ONE_IN = 7;
const OLD = 5;
const PAUSE_MS = 2;
const AGAIN_MS = 25;
const PATIENCE_MS = 60_000;

interface Sender {
  name: string;
  /** A path for each event. */
  paths: (n: number) => string[];
  /** Which of the paths are now acknowledged. */
  send: (paths: string[], attempt: number) => Promise<string[]>;
  close: () => Promise<void>;
}

export function startStubbornLoad(server: TestServer, options: StubbornOptions): StubbornLoad {
  const acknowledged = new Set<string>();
  let repeats = 0;
  let isOver = false;
  let failure: unknown;
  let waiting: { goal: number; resolve: () => void; reject: (error: unknown) => void } | undefined;

  async function drive(sender: Sender): Promise<void> {
    for (let n = 0; !isOver; n++) {
      await insist(sender, sender.paths(n), 0);
      if (n % LOST_ONE_IN === 0) await insist(sender, sender.paths(n), 1);
      await wait(PAUSE_MS);
    }
    // From before whatever happened to the server meanwhile.
    for (let n = 0; n < OLD; n++) await insist(sender, sender.paths(n), 1);
    await sender.close();
  }

  async function insist(sender: Sender, paths: string[], before: number): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let attempt = before; ; attempt++) {
      const taken = await sender.send(paths, attempt).catch((error: unknown) => {
        if (error instanceof Refusal) throw error;
        return []; // no answer, or none that can be read
      });
      for (const path of taken) acknowledged.add(path);
      if (waiting && acknowledged.size >= waiting.goal) waiting.resolve();
      if (taken.length === paths.length) return;
      if (Date.now() > deadline) throw new Error(`${sender.name}: no acknowledgement of ${paths[0]} in time`);
      await wait(AGAIN_MS);
      repeats++;
    }
  }

  const done = Promise.all(sendersOf(server, options).map(drive)).catch((error: unknown) => {
    failure = error;
    waiting?.reject(error);
  });
  return {
    acknowledged,
    get repeats() {
      return repeats;
    },
    more: (count) =>
      new Promise((resolve, reject) => {
        waiting = { goal: acknowledged.size + count, resolve, reject };
        if (failure !== undefined) reject(failure);
      }),
    async finish() {
      isOver = true;
      await done;
      if (failure !== undefined) throw failure;
    },
  };
}

/** An answer that sending again would not change. */
class Refusal extends Error {}

function sendersOf(server: TestServer, { site, singles, batches, imports }: StubbornOptions): Sender[] {
  const many = (count: number, make: (i: number) => Sender) => Array.from({ length: count }, (_, i) => make(i));
  return [
    ...many(singles, (i) => singleSender(server, site, i)),
    ...many(batches, (i) => batchSender(server, site, i)),
    ...many(imports, (i) => importSender(server, site, i)),
  ];
}

/** Half of the senders count their events, as the tracker does; the others give ids that follow no order. */
function idFor(path: string, isCounted: boolean): string {
  const [, kind = "", i = "", n = ""] = path.split("/");
  return isCounted ? `${`${kind}.${i}`.padStart(24, "a")}-${n}` : `${n}:${kind}:${i}`;
}

function beacon(path: string, sender: number, attempt: number): SentEvent {
  const id = idFor(path, sender % 2 === 0);
  return { name: "pageview", url: `https://example.com${path}`, id, ...(attempt > 0 && { retry: true }) };
}

const addressOf = (sender: number, attempt: number) => ({ "x-forwarded-for": `198.51.${attempt % 250}.${sender}` });

function singleSender(server: TestServer, site: string, i: number): Sender {
  const api = connectTestApi(server);
  return {
    name: `single sender ${i}`,
    paths: (n) => [`/single/${i}/${n}`],
    async send(paths, attempt) {
      const [path = ""] = paths;
      const { status, body } = await api.send({ site, ...beacon(path, i, attempt) }, addressOf(i, attempt));
      if (status === 202 && body.accepted + body.duplicate === 1) return paths;
      if (status < 500) throw new Refusal(`${status} ${JSON.stringify(body)}`);
      return [];
    },
    close: async () => {},
  };
}

function batchSender(server: TestServer, site: string, i: number): Sender {
  const api = connectTestApi(server);
  return {
    name: `batch sender ${i}`,
    paths: (n) => Array.from({ length: BATCH }, (_, k) => `/batch/${i}/${n * BATCH + k}`),
    async send(paths, attempt) {
      const events = paths.map((path) => beacon(path, i, attempt));
      const { status, body } = await api.send({ site, events }, addressOf(100 + i, attempt));
      if (status >= 500) return [];
      if (status !== 202 || body.invalid + body.dropped > 0) throw new Refusal(`${status} ${JSON.stringify(body)}`);
      const again = new Set(body.events.filter((one) => one.status === "retry").map((one) => one.index));
      return paths.filter((_, index) => !again.has(index));
    },
    close: async () => {},
  };
}

/** An import's lines need no mark: their numbers say which they are. */
function importSender(server: TestServer, site: string, i: number): Sender {
  const api = connectTestApi(server);
  const options = { id: `stubborn-${i}`, label: "history", visitors: "given" } as const;
  const start = Date.now() - 20 * 86_400_000;
  return {
    name: `import ${i}`,
    paths: (n) => Array.from({ length: LINES }, (_, k) => `/import/${i}/${n * LINES + k}`),
    async send(paths) {
      const lines = paths.map((path) => {
        const line = Number(path.split("/")[3]);
        return {
          line,
          at: start + line * 1000,
          name: "pageview",
          url: `https://example.com${path}`,
          visitor: `v${line % 40}`,
        };
      });
      const body = await api.importLines(site, options, lines);
      if (body.invalid + body.dropped > 0) throw new Refusal(JSON.stringify(body));
      const again = new Set(body.events.filter((one) => one.status === "retry").map((one) => one.index));
      return paths.filter((_, index) => !again.has(index));
    },
    async close() {
      await api.finishImport(site, options.id);
    },
  };
}
