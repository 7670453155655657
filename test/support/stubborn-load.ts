// Senders that never give up, for servers that are killed in between: what is not acknowledged is sent again under the
// same id, marked as a retry and from another address, as from a telephone that changed its network. Some of what was
// acknowledged is sent again too, as if the acknowledgement had been lost on its way.

import { setTimeout as wait } from "node:timers/promises";
import type { CollectReply } from "../../workers/domain/beacon.ts";
import { type Answer, connectTestApi, type SentEvent } from "./api.ts";
import type { TestServer } from "./server.ts";

export interface StubbornOptions {
  site: string;
  /** Senders of events one by one, of batches, and of import lines. */
  singles: number;
  batches: number;
  imports: number;
  /** Letters and digits that set its events apart from those of an earlier load on the site. */
  name?: string;
  /** When an event happened, for singles and batches; default: when it is received. */
  at?: (path: string) => number;
}

export interface StubbornLoad {
  /** Paths of the events that the server said it has; each event has a path of its own. */
  acknowledged: ReadonlySet<string>;
  /** Those that the server took as new after it had acknowledged them. */
  forgotten: readonly string[];
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
/** From one line of an import to the next: history that goes on for days. */
const LINE_MS = 3 * 60_000;
/** One in so many requests is repeated at once, and the first so many of each sender at the end. */
const LOST_ONE_IN = 7;
const OLD = 5;
const PAUSE_MS = 2;
const AGAIN_MS = 25;
const PATIENCE_MS = 60_000;

type Receipt = "accepted" | "duplicate" | "retry";

interface Sender {
  name: string;
  /** A path for each event. */
  paths: (n: number) => string[];
  /** What became of each path: taken, known already, or to be sent again. */
  send: (paths: string[], attempt: number) => Promise<Receipt[]>;
  close: () => Promise<void>;
}

export function startStubbornLoad(server: TestServer, options: StubbornOptions): StubbornLoad {
  const acknowledged = new Set<string>();
  const forgotten: string[] = [];
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
      const receipts = await sender.send(paths, attempt).catch((error: unknown): Receipt[] => {
        if (error instanceof Refusal) throw error;
        return []; // no answer, or none that can be read
      });
      for (const [i, receipt] of receipts.entries()) note(paths[i] ?? "", receipt);
      if (waiting && acknowledged.size >= waiting.goal) waiting.resolve();
      if (receipts.length === paths.length && !receipts.includes("retry")) return;
      if (Date.now() > deadline) throw new Error(`${sender.name}: no acknowledgement of ${paths[0]} in time`);
      await wait(AGAIN_MS);
      repeats++;
    }
  }

  function note(path: string, receipt: Receipt): void {
    if (receipt === "accepted" && acknowledged.has(path)) forgotten.push(path);
    if (receipt !== "retry") acknowledged.add(path);
  }

  const done = Promise.all(sendersOf(server, options).map(drive)).catch((error: unknown) => {
    failure = error;
    waiting?.reject(error);
  });
  return {
    acknowledged,
    forgotten,
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

function sendersOf(server: TestServer, options: StubbornOptions): Sender[] {
  const many = (count: number, make: (from: From) => Sender) =>
    Array.from({ length: count }, (_, i) => make({ ...options, server, i, who: `${options.name ?? ""}${i}` }));
  return [
    ...many(options.singles, singleSender),
    ...many(options.batches, batchSender),
    ...many(options.imports, importSender),
  ];
}

interface From extends Pick<StubbornOptions, "site" | "at"> {
  server: TestServer;
  i: number;
  /** Sets the sender apart from the others of its kind, over all loads on the site. */
  who: string;
}

/** Half of the senders count their events, as the tracker does; the others give ids that follow no order. */
function idFor(path: string, isCounted: boolean): string {
  const [, kind = "", i = "", n = ""] = path.split("/");
  return isCounted ? `${`${kind}.${i}`.padStart(24, "a")}-${n}` : `${n}:${kind}:${i}`;
}

function beacon(path: string, { i, at }: From, attempt: number): SentEvent {
  const id = idFor(path, i % 2 === 0);
  const url = `https://example.com${path}`;
  return { name: "pageview", url, id, ...(at && { at: at(path) }), ...(attempt > 0 && { retry: true }) };
}

const addressOf = (sender: number, attempt: number) => ({ "x-forwarded-for": `198.51.${attempt % 250}.${sender}` });

/** A receipt for each event: replies list those that were not simply accepted. */
function receiptsOf(reply: CollectReply, count: number): Receipt[] {
  if (reply.invalid + reply.dropped > 0) throw new Refusal(JSON.stringify(reply));
  const receipts = Array.from({ length: count }, (): Receipt => "accepted");
  for (const { index, status } of reply.events) receipts[index] = status === "duplicate" ? status : "retry";
  return receipts;
}

/** None when the server was not able to answer. */
function beaconReceipts({ status, body }: Answer<CollectReply>, count: number): Receipt[] {
  if (status >= 500) return [];
  if (status !== 202) throw new Refusal(`${status} ${JSON.stringify(body)}`);
  return receiptsOf(body, count);
}

function singleSender(from: From): Sender {
  const { server, site, i, who } = from;
  const api = connectTestApi(server);
  return {
    name: `single sender ${who}`,
    paths: (n) => [`/single/${who}/${n}`],
    async send([path = ""], attempt) {
      const event = { site, ...beacon(path, from, attempt) };
      return beaconReceipts(await api.send(event, addressOf(i, attempt)), 1);
    },
    close: async () => {},
  };
}

function batchSender(from: From): Sender {
  const { server, site, i, who } = from;
  const api = connectTestApi(server);
  return {
    name: `batch sender ${who}`,
    paths: (n) => Array.from({ length: BATCH }, (_, k) => `/batch/${who}/${n * BATCH + k}`),
    async send(paths, attempt) {
      const events = paths.map((path) => beacon(path, from, attempt));
      return beaconReceipts(await api.send({ site, events }, addressOf(100 + i, attempt)), paths.length);
    },
    close: async () => {},
  };
}

/** An import's lines need no mark: their numbers say which they are. */
function importSender({ server, site, who }: From): Sender {
  const api = connectTestApi(server);
  const options = { id: `stubborn-${who}`, label: "history", visitors: "given" } as const;
  const start = Date.now() - 200 * 86_400_000;
  const lineOf = (path: string) => {
    const line = Number(path.split("/")[3]);
    const at = start + line * LINE_MS;
    return { line, at, name: "pageview", url: `https://example.com${path}`, visitor: `v${line % 40}` };
  };
  return {
    name: `import ${who}`,
    paths: (n) => Array.from({ length: LINES }, (_, k) => `/import/${who}/${n * LINES + k}`),
    send: async (paths) => receiptsOf(await api.importLines(site, options, paths.map(lineOf)), paths.length),
    async close() {
      await api.finishImport(site, options.id);
    },
  };
}
