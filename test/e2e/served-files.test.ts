// The dashboard's build and the tracker as the local server gives them out: small, and once.

import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../support/server.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server?.discard());

const ask = (path: string, headers: Record<string, string>) => fetch(server.url + path, { headers });

it("come compressed to who takes that, with the same text as to others", async () => {
  const index = await (await ask("/", { "accept-encoding": "identity" })).text();
  const [script = ""] = /\/assets\/index-[\w-]+\.js/.exec(index) ?? [];
  for (const path of ["/", "/sites/any", script, "/js/edgewise.js"]) {
    const plain = await ask(path, { "accept-encoding": "identity" });
    const packed = await ask(path, { "accept-encoding": "gzip, br" });
    expect([plain, packed].map(({ headers }) => headers.get("content-encoding"))).toEqual([null, "gzip"]);
    expect(packed.headers.get("vary")).toBe("accept-encoding");
    const text = await plain.text();
    expect(await packed.text()).toBe(text);
    expect(Number(packed.headers.get("content-length"))).toBeLessThan(text.length * 0.6);
  }
});

it.each(["gzip", "identity"])("are not sent again while they are the same, as %s", async (encoding) => {
  for (const path of ["/", "/js/edgewise.js"]) {
    const first = await ask(path, { "accept-encoding": encoding });
    const etag = first.headers.get("etag") ?? "";
    const again = await ask(path, { "accept-encoding": encoding, "if-none-match": etag });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("cache-control")).toBe(first.headers.get("cache-control"));
  }
});
