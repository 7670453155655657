// A server that stands in for any outside service, ports that lead there, and messages to tell.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { ChannelPorts, Delivered, Note, SentMessage } from "../../../workers/delivery/channel.ts";
import { sendByResend } from "../../../workers/delivery/mail/resend.ts";
import { outgoing } from "../../../workers/delivery/outgoing.ts";
import { tellChannel, tellNote } from "../../../workers/delivery/tell-channel.ts";

export const AT = Date.UTC(2026, 10, 27, 12);

/** By which a push service knows us: a pair of https://www.rfc-editor.org/rfc/rfc8291#appendix-A. */
export const PUSH_KEY = {
  publicKey: "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
  privateKey: "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
};

export interface Asked {
  /** As the channel meant it. */
  host: string;
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  bytes: Buffer;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Started before the file's tests, empty before each. */
export function standIn() {
  const requests: Asked[] = [];
  const answer: Answer = { status: 200, headers: {}, body: "ok" };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    const { method = "", url: path = "", headers } = request;
    requests.push({ host: String(headers["x-wanted-host"]), method, path, headers, bytes, body: bytes.toString() });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  let address = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());
  beforeEach(() => {
    requests.length = 0;
    Object.assign(answer, { status: 200, headers: {}, body: "ok" });
  });
  /** Asks this server in the place of the one that is named. */
  const elsewhere = (url: string, init: RequestInit) => {
    const { host, pathname, search } = new URL(url);
    const headers = new Headers(init.headers);
    headers.set("x-wanted-host", host);
    return fetch(address + pathname + search, { ...init, headers });
  };
  const from = "Edgewise <alerts@edge.example>";
  const ports: ChannelPorts = {
    fetch: outgoing(elsewhere),
    mail: (mail) => sendByResend("re_key", { from, mail, fetch: elsewhere }),
    pushKey: async () => PUSH_KEY,
    now: Date.now(),
  };
  const tell = (kind: string, config: unknown, message: SentMessage): Promise<Delivered> =>
    tellChannel({ kind, config, message }, { ...ports, now: Date.now() });
  const tellReport = (kind: string, config: unknown, note: Note): Promise<Delivered> =>
    tellNote({ kind, config, note }, { ...ports, now: Date.now() });
  return { requests, answer, elsewhere, tell, tellReport, address: () => address };
}

export function aMessage(
  kind: SentMessage["kind"],
  fields: Partial<SentMessage["incident"]> = {},
  more: Partial<SentMessage> = {},
): SentMessage {
  const incident = {
    id: "r.1",
    ruleId: "r",
    name: "Too <few> visits & more",
    severity: "critical" as const,
    state: "firing" as const,
    turn: 1,
    openedAt: AT,
    changedAt: AT,
    value: 3,
    expected: 10,
    reason: "3 visits in 10 min, below 10",
    assignee: null,
    group: null,
    ...fields,
  };
  return {
    key: `r.1.${kind}-1.c`,
    kind,
    site: { id: "shop", name: "Shop" },
    incident,
    at: AT,
    link: "https://edge.example/sites/shop/alerts",
    acknowledge: "https://edge.example/acknowledge#code=abc",
    chart: { svg: "<svg xmlns='http://www.w3.org/2000/svg'/>", url: "https://edge.example/api/v1/alert-charts/abc" },
    top: ["Page: /pricing 70 %", "Country: Norway 55 %"],
    ...more,
  };
}
