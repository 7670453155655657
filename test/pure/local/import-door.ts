// A server that speaks the import and beacon doors' wire format and remembers lines, nothing more: what a client must
// cope with (refusals, busy answers, lost connections) can be arranged here and not with the real one.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface WireEvent {
  line: number;
  name: string;
}

/** What to do with a request instead of taking it: answer so, or cut the connection. */
export type Trouble = { status: number; headers?: Record<string, string>; body?: unknown } | "cut" | "cut-after";

export interface ImportDoor {
  url: string;
  /** Lines taken, by import. */
  lines: Map<string, Map<number, WireEvent>>;
  states: Map<string, "open" | "finished" | "undone">;
  /** `METHOD path` of every request, in order. */
  requests: string[];
  /** Sizes of the import requests. */
  sizes: number[];
  beacons: { headers: IncomingMessage["headers"]; body: Record<string, unknown> }[];
  /** Most requests that were open at one time. */
  mostAtOnce: number;
  /** Asked before each request. */
  trouble: (request: { method: string; path: string; count: number }) => Trouble | null;
  close(): Promise<void>;
}

const BASE = "/api/v1/sites/s/import";

export async function openImportDoor(): Promise<ImportDoor> {
  let open = 0;
  const server = createServer((request, response) => {
    door.mostAtOnce = Math.max(door.mostAtOnce, ++open);
    response.on("close", () => open--);
    answer(door, request, response).catch(() => response.destroy());
  });
  const door: ImportDoor = {
    ...{ url: "", lines: new Map(), states: new Map(), requests: [], sizes: [], beacons: [], mostAtOnce: 0 },
    trouble: () => null,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listens on TCP
  return door;
}

async function answer(door: ImportDoor, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "", url: path = "" } = request;
  const text = await bodyOf(request);
  door.requests.push(`${method} ${path}`);
  const trouble = door.trouble({ method, path, count: door.requests.length });
  if (trouble === "cut") return void request.socket.destroy();
  if (trouble !== null && trouble !== "cut-after") return reply(response, trouble);
  const body = text === "" ? {} : JSON.parse(text);
  const answered = take(door, `${method} ${path}`, { body, headers: request.headers });
  if (trouble === "cut-after") return void request.socket.destroy();
  reply(response, answered);
}

interface WireRequest {
  // Whatever the client sent; the tests look at it.
  body: ReturnType<typeof JSON.parse>;
  headers: IncomingMessage["headers"];
}

type Taken = Exclude<Trouble, string>;

function take(door: ImportDoor, asked: string, request: WireRequest): Taken {
  if (asked === `POST ${BASE}`) return takeLines(door, request.body);
  if (asked === "POST /api/event") {
    door.beacons.push(request);
    return { status: 202, body: counted({ accepted: 1 }) };
  }
  if (asked === "POST /api/v1/sites") return { status: 409 };
  const id = asked.split("/")[6] ?? "";
  const state = door.states.get(id);
  if (state === undefined) return { status: 404, body: { detail: `the site has no import ${id}` } };
  const events = door.lines.get(id)?.size ?? 0;
  if (asked.startsWith("DELETE")) {
    door.states.set(id, "undone");
    door.lines.delete(id);
    return { status: 200, body: { removed: events } };
  }
  if (asked.endsWith("/finish")) door.states.set(id, "finished");
  const last = Math.max(-1, ...(door.lines.get(id)?.keys() ?? []));
  return {
    status: 200,
    body: { id, label: "", state: door.states.get(id), events, nextLine: last < 0 ? null : last + 1 },
  };
}

function takeLines(door: ImportDoor, body: { import: { id: string }; events: WireEvent[] }): Taken {
  const { id } = body.import;
  if ((door.states.get(id) ?? "open") !== "open") return { status: 409, body: { detail: "not open" } };
  door.states.set(id, "open");
  door.sizes.push(body.events.length);
  const lines = door.lines.get(id) ?? new Map<number, WireEvent>();
  door.lines.set(id, lines);
  const receipts = body.events.map((event, index) => {
    if (event.name === "bad")
      return { index, status: "invalid", reason: "invalid", errors: [{ path: "url", message: "no" }] };
    if (lines.has(event.line)) return { index, status: "duplicate" };
    lines.set(event.line, event);
    return { index, status: "accepted" };
  });
  const of = (status: string) => receipts.filter((receipt) => receipt.status === status).length;
  const invalid = of("invalid");
  return {
    status: 200,
    body: counted({
      ...{ accepted: of("accepted"), duplicate: of("duplicate"), invalid },
      reasons: invalid > 0 ? { invalid } : {},
      events: receipts.filter((receipt) => receipt.status !== "accepted"),
    }),
  };
}

function counted(counts: Record<string, unknown>): Record<string, unknown> {
  return { accepted: 0, duplicate: 0, dropped: 0, invalid: 0, retry: 0, reasons: {}, events: [], ...counts };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

function reply(response: ServerResponse, { status, headers = {}, body = {} }: Taken): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
