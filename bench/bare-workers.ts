// The scale against which ingest is read: Workers that store nothing, on the same kind of socket as the product.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:net";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";

/** `answer` reads nothing; `parse` reads the body and parses it as JSON. Both answer 202 with the product's reply. */
export type BareKind = "answer" | "parse";

const REPLY = `new Response('{"accepted":1}', { status: 202, headers: { "content-type": "application/json" } })`;
const SCRIPTS: Record<BareKind, string> = {
  answer: `export default { fetch: () => ${REPLY} }`,
  parse: `export default { async fetch(request) { JSON.parse(await request.text()); return ${REPLY} } }`,
};

export interface BareWorker {
  port: number;
  workerdPid: number;
  stop(): Promise<void>;
}

export async function startBareWorker(kind: BareKind): Promise<BareWorker> {
  const port = await freePort();
  let workerdPid = 0;
  const onSpawn = (message: unknown): void => {
    const { process: child } = message as {
      process: { pid?: number; once(event: "spawn", listener: () => void): void };
    }; // the channel's documented message
    child.once("spawn", () => {
      workerdPid = child.pid ?? 0;
    });
  };
  subscribe("child_process", onSpawn);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      workers: [
        {
          name: kind,
          modules: [{ type: "ESModule", path: `${kind}.mjs`, contents: SCRIPTS[kind] }],
          compatibilityDate: "2026-10-20",
          unsafeDirectSockets: [{ host: "127.0.0.1", port, proxy: false }],
        },
      ],
    }),
  );
  await miniflare.ready;
  unsubscribe("child_process", onSpawn);
  return { port, workerdPid, stop: () => miniflare.dispose() };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port on 127.0.0.1");
  return address.port;
}
