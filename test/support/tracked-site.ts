// A small web site on a free port that carries the beacon script and remembers the beacons it is sent.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type * as z from "zod";
import { buildTracker, SCRIPTS } from "../../dashboard/tracker/build.ts";
import { beaconSchema } from "../../workers/domain/beacon.ts";
import type { ConsentQuestion } from "../../workers/domain/consent.ts";
import { withdrawalSchema } from "../../workers/domain/withdrawal.ts";

export type SentBeacon = z.infer<typeof beaconSchema>;

export interface TrackedSite {
  /** `http://127.0.0.1:port`. */
  origin: string;
  beacons: SentBeacon[];
  /** Bodies that are no beacon by the schema, answered 400. */
  refused: string[];
  /** What else arrived at the beacon's address: method and headers of every request. */
  requests: { method: string; headers: IncomingMessage["headers"] }[];
  /** Pages by path; a page is the whole HTML. Other paths answer 404. */
  pages: Map<string, string>;
  /** Headers of every page. */
  pageHeaders: Record<string, string>;
  /** Statuses that the next beacons are answered with, before 202 again; `hang` never answers, `flood` never ends. */
  answers: (number | "hang" | "flood")[];
  /** What pages are told that ask about consent; null answers 503. */
  question: ConsentQuestion | null;
  /** Ids of browsers that took their consent back. */
  withdrawals: string[];
  /** The first beacon for which `test` holds, past or to come. */
  beacon(test: (beacon: SentBeacon) => boolean): Promise<SentBeacon>;
  close(): Promise<void>;
}

const DEADLINE_MS = 20_000;

/** `port` 0 takes a free one. */
export async function startTrackedSite(port = 0): Promise<TrackedSite> {
  const scripts = new Map<string, string>();
  for (const [name, withConsent] of Object.entries(SCRIPTS)) {
    scripts.set(`/js/${name}`, (await buildTracker(withConsent)).code);
  }
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    if (pathname === "/api/event") {
      await takeBeacon(site, request, response);
      for (const look of watchers) look();
    } else if (pathname === "/api/consent") {
      await takeConsent(site, request, response);
    } else if (scripts.has(pathname)) {
      response.setHeader("content-type", "text/javascript").end(scripts.get(pathname));
    } else {
      servePage(site, pathname, response);
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  const site: TrackedSite = {
    // An HTTP server that listens on a port has an address of that form.
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    beacons: [],
    refused: [],
    requests: [],
    pages: new Map(),
    pageHeaders: {},
    answers: [],
    question: { ask: false, before: "cookieless", purposes: ["analytics"] },
    withdrawals: [],
    beacon: (test) => awaitBeacon(site, watchers, test),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return site;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body && JSON.parse(body);
}

async function takeBeacon(site: TrackedSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  site.requests.push({ method: request.method ?? "", headers: request.headers });
  const body = await bodyOf(request);
  const beacon = beaconSchema.safeParse(body);
  if (beacon.success) site.beacons.push(beacon.data);
  else site.refused.push(JSON.stringify(body));
  const answer = beacon.success ? (site.answers.shift() ?? 202) : 400;
  if (answer === "hang") return;
  response.writeHead(answer === "flood" ? 202 : answer, { "access-control-allow-origin": "*" });
  if (answer === "flood") flood(response);
  else response.end("{}");
}

/** Writes for as long as somebody reads. */
function flood(response: ServerResponse): void {
  const block = "x".repeat(65_536);
  const write = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on("drain", write).on("error", () => undefined);
  write();
}

async function takeConsent(site: TrackedSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { question } = site;
  if (request.method === "POST" && question)
    site.withdrawals.push(withdrawalSchema.parse(await bodyOf(request)).persistentId);
  const headers = { "access-control-allow-origin": "*", "content-type": "application/json" };
  response.writeHead(question ? 200 : 503, headers).end(JSON.stringify(question));
}

function servePage(site: TrackedSite, pathname: string, response: ServerResponse): void {
  const page = site.pages.get(pathname);
  response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html", ...site.pageHeaders });
  response.end(page ?? "not found");
}

function awaitBeacon(site: TrackedSite, watchers: Set<() => void>, test: (beacon: SentBeacon) => boolean) {
  return new Promise<SentBeacon>((resolve, reject) => {
    const deadline = setTimeout(() => {
      watchers.delete(look);
      reject(new Error(`no such beacon came; these did: ${JSON.stringify(site.beacons)}, refused: ${site.refused}`));
    }, DEADLINE_MS);
    const look = () => {
      const found = site.beacons.find(test);
      if (!found) return;
      clearTimeout(deadline);
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
  });
}

/** A page with the beacon script, or the one with consent where a `data-consent` is among the attributes of its tag. */
export function trackedPage(attributes = "", body = "", head = ""): string {
  const name = attributes.includes("data-consent") ? "edgewise-consent" : "edgewise";
  return `<!doctype html><html lang="en"><title>A page</title>${head}
<script defer data-site="shop" ${attributes} src="/js/${name}.js"></script><body>${body}</body></html>`;
}
