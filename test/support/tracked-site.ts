// A small web site on a free port that carries the beacon script and remembers the beacons it is sent.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type * as z from "zod";
import { buildTracker } from "../../dashboard/tracker/build.ts";
import { beaconSchema } from "../../workers/domain/beacon.ts";

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
  /** Statuses that the next beacons are answered with, before 202 again. */
  answers: number[];
  /** The first beacon for which `test` holds, past or to come. */
  beacon(test: (beacon: SentBeacon) => boolean): Promise<SentBeacon>;
  close(): Promise<void>;
}

const DEADLINE_MS = 20_000;

/** `port` 0 takes a free one. */
export async function startTrackedSite(port = 0): Promise<TrackedSite> {
  const { code } = await buildTracker();
  const watchers = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    if (pathname === "/api/event") {
      await takeBeacon(site, request, response);
      for (const look of watchers) look();
    } else if (pathname === "/js/edgewise.js") {
      response.setHeader("content-type", "text/javascript").end(code);
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
    beacon: (test) => awaitBeacon(site, watchers, test),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return site;
}

async function takeBeacon(site: TrackedSite, request: IncomingMessage, response: ServerResponse): Promise<void> {
  site.requests.push({ method: request.method ?? "", headers: request.headers });
  let body = "";
  for await (const chunk of request) body += chunk;
  const beacon = beaconSchema.safeParse(body && JSON.parse(body));
  if (beacon.success) site.beacons.push(beacon.data);
  else site.refused.push(body);
  const status = beacon.success ? (site.answers.shift() ?? 202) : 400;
  response.writeHead(status, { "access-control-allow-origin": "*" }).end("{}");
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

/** A page with the beacon script; `attributes` go to its tag. */
export function trackedPage(attributes = "", body = "", head = ""): string {
  return `<!doctype html><title>A page</title>${head}
<script defer data-site="shop" ${attributes} src="/js/edgewise.js"></script><body>${body}</body>`;
}
