// A server on this machine in the place of a service: keeps what it is sent, and answers what it is told to.
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  /** That was asked for, in the place of which this one answers. */
  host: string;
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface StandIn {
  url: string;
  received: Received[];
  reply: { status: number; headers: Record<string, string>; body: string };
  /** Asks this server in the place of the one that is named. */
  fetch(url: string, init: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

const WANTED = "x-wanted-host";

export async function serveStandIn(): Promise<StandIn> {
  const standIn: Pick<StandIn, "received" | "reply"> = {
    received: [],
    reply: { status: 200, headers: {}, body: "{}" },
  };
  const server: Server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const { [WANTED]: host, ...headers } = request.headers;
      const { method = "", url = "" } = request;
      standIn.received.push({ host: String(host), method, path: url, headers, body });
      const { status, headers: own, body: answer } = standIn.reply;
      response.writeHead(status, own).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo; // it listens on one
  const own = `http://127.0.0.1:${port}`;
  return Object.assign(standIn, {
    url: own,
    fetch(url: string, init: RequestInit) {
      const { host, pathname, search } = new URL(url);
      const headers = new Headers(init.headers);
      headers.set(WANTED, host);
      return fetch(`${own}${pathname}${search}`, { ...init, headers });
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
