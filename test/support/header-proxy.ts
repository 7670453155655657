// A proxy in front of a server, as people run one: requests below `/name/` go on with the headers of that name, which a page
// could not set itself.

import { once } from "node:events";
import { createServer, type IncomingMessage, request as requestOn } from "node:http";
import type { AddressInfo } from "node:net";

export interface HeaderProxy {
  origin: string;
  close(): Promise<void>;
}

/** `headers` by name; it may grow while the proxy runs. */
export async function startHeaderProxy(
  target: string,
  headers: ReadonlyMap<string, Record<string, string>>,
): Promise<HeaderProxy> {
  const server = createServer((request, response) => {
    const [, name = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? "") ?? [];
    const { method } = request;
    const onward = requestOn(target + path, { method, headers: { ...ownHeaders(request), ...headers.get(name) } });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // An HTTP server that listens on a port has an address of that form.
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function ownHeaders({ headers }: IncomingMessage): IncomingMessage["headers"] {
  const { host: _, connection: __, ...own } = headers;
  return own;
}
