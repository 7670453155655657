// A small web site of its own origin, as the people have whose pages carry the snippet.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface VisitedPages {
  /** `http://127.0.0.1:port`. */
  origin: string;
  close(): Promise<void>;
}

/** Answers every path with a page that has `head` in its head. */
export async function servePages(head: string): Promise<VisitedPages> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="en"><head><title>${request.url}</title>${head}</head><body>A page</body></html>`,
    );
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
