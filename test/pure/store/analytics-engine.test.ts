import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { AppError } from "../../../workers/domain/errors.ts";
import { analyticsAccount, askAnalyticsEngine } from "../../../workers/store/analytics-engine.ts";

const ACCOUNT = { accountId: "0123abcd", token: "secret-token" };
let server: Server | undefined;

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`; // a TCP server's address is an object
}

async function replying(status: number, body: string, headers: Record<string, string> = {}): Promise<string> {
  return await serve((_, response) => void response.writeHead(status, headers).end(body));
}

async function failure(asked: Promise<unknown>): Promise<AppError> {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError but ${String(error)}`);
  return error;
}

afterEach(async () => {
  const open = server;
  server = undefined;
  open?.closeAllConnections();
  if (open) await new Promise((resolve) => open.close(resolve));
});

describe("the client of Analytics Engine", () => {
  it("posts the statement to the account with its token and returns the rows", async () => {
    const seen: Record<string, unknown> = {};
    const api = await serve(async (request, response) => {
      const { method, url, headers } = request;
      Object.assign(seen, { method, url, authorization: headers.authorization, body: await text(request) });
      response.end(JSON.stringify({ meta: [], data: [{ k0: "/ü'\\", events: "12", points: 3 }], rows: 1 }));
    });
    const rows = await askAnalyticsEngine("SELECT 'ü' AS k0", ACCOUNT, { api });
    expect(rows).toEqual([{ k0: "/ü'\\", events: "12", points: 3 }]);
    expect(seen).toEqual({
      method: "POST",
      url: "/accounts/0123abcd/analytics_engine/sql",
      authorization: "Bearer secret-token",
      body: "SELECT 'ü' AS k0",
    });
  });

  it("says which permission a refused token needs, without repeating the token", async () => {
    const api = await replying(403, JSON.stringify({ success: false, errors: [{ code: 10000, message: "no entry" }] }));
    const error = await failure(askAnalyticsEngine("SELECT 1", ACCOUNT, { api }));
    expect(error.code).toBe("unavailable");
    expect(error.message).toMatch(/403: no entry.*EDGEWISE_ANALYTICS_TOKEN.*Account Analytics: Read/);
    expect(error.message).not.toContain(ACCOUNT.token);
  });

  it("passes on how long to wait when it is busy", async () => {
    const api = await replying(429, "slow down", { "retry-after": "17" });
    const error = await failure(askAnalyticsEngine("SELECT 1", ACCOUNT, { api }));
    expect([error.code, error.retryAfter]).toEqual(["unavailable", 17]);
    expect(error.message).toContain("429: slow down");
  });

  it("tells a statement that was not understood from an outage", async () => {
    const api = await replying(422, "unable to parse SQL near FORM");
    const error = await failure(askAnalyticsEngine("SELECT 1 FORM x", ACCOUNT, { api }));
    expect([error.code, error.message]).toEqual(["internal", expect.stringContaining("unable to parse SQL near FORM")]);
  });

  it.each(["<html>gateway</html>", "{}", '{"data":[{"k0":null}]}'])("does not take %s for rows", async (body) => {
    const error = await failure(askAnalyticsEngine("SELECT 1", ACCOUNT, { api: await replying(200, body) }));
    expect([error.code, error.message]).toEqual(["unavailable", expect.stringContaining("sent no rows")]);
  });

  it("stops waiting for an answer that does not come", async () => {
    const api = await serve(() => {});
    const error = await failure(askAnalyticsEngine("SELECT 1", ACCOUNT, { api, timeoutMs: 30 }));
    expect([error.code, error.message]).toEqual(["unavailable", expect.stringContaining("no answer within 30 ms")]);
  });

  it("says so when it cannot be reached", async () => {
    const api = await replying(200, "");
    server?.close();
    const error = await failure(askAnalyticsEngine("SELECT 1", ACCOUNT, { api }));
    expect([error.code, error.message]).toEqual(["unavailable", expect.stringContaining("cannot be reached")]);
  });

  it("is not asked without an account and a token", () => {
    expect(analyticsAccount({})).toBeNull();
    expect(analyticsAccount({ EDGEWISE_ACCOUNT_ID: "a", EDGEWISE_ANALYTICS_TOKEN: "" })).toBeNull();
    expect(analyticsAccount({ EDGEWISE_ACCOUNT_ID: "a", EDGEWISE_ANALYTICS_TOKEN: "t" })).toEqual({
      accountId: "a",
      token: "t",
    });
  });
});
