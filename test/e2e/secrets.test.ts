// The secrets of the days on disk: what makes an id today is in no file a week later.
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BROWSER, connectTestApi, type TestApi } from "../support/api.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { filesBelow, tracesOf } from "../support/traces.ts";

const SITE = "secrets.example";
const ADDRESS = "203.0.113.9";

let server: TestServer;
let api: TestApi;
let secrets: string[];
let visitorId: string;

async function visitorIds(): Promise<string[]> {
  const today = new Date().toISOString().slice(0, 10);
  const { body } = await api.request<string>(
    "GET",
    `/api/v1/sites/${SITE}/events?from=${today}&to=${today}&format=csv`,
  );
  return [...new Set(String(body).match(/\b[0-9a-f]{16}\b/g))];
}

const secretsOnDisk = () =>
  filesBelow(server.dataDir)
    .map(({ bytes }) => bytes.toString("latin1"))
    .filter((text) => /^[0-9a-f]{64}$/.test(text));

const idUnder = (secret: string) =>
  createHmac("sha256", Buffer.from(secret, "hex")).update(`${SITE}\n${ADDRESS}\n${BROWSER}`).digest("hex").slice(0, 16);

async function sendView(): Promise<void> {
  const event = { site: SITE, name: "pageview", url: `https://${SITE}/` };
  expect((await api.send(event, { "x-forwarded-for": ADDRESS })).status).toBe(202);
}

beforeAll(async () => {
  server = await startTestServer({ trustProxy: true, forPeople: true });
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await sendView();
  const ids = await visitorIds();
  expect(ids).toHaveLength(1);
  visitorId = ids[0]!;
  secrets = secretsOnDisk();
});
afterAll(() => server?.discard());

describe("a day's secret", () => {
  it("lies on disk while it serves, and makes the id of whoever came", () => {
    expect(secrets.map(idUnder)).toContain(visitorId);
  });

  it("is nowhere a week later, though KV's own time is not over, and nothing left makes that id", async () => {
    await server.restart({ script: "test/support/serve-later.ts", env: { EDGEWISE_TEST_DAYS: "7" } });
    await server.stop();
    const old = secrets.filter((secret) => idUnder(secret) === visitorId);
    expect(tracesOf(old, filesBelow(server.dataDir))).toEqual([]);
    const left = secretsOnDisk();
    expect(left.length).toBeGreaterThanOrEqual(4);
    expect(left.map(idUnder)).not.toContain(visitorId);
    // Of those from then, the keys by which users are recognised and the audit trail is sealed alone are still there.
    expect(left.filter((secret) => secrets.includes(secret))).toHaveLength(2);
    await server.restart();
    await sendView();
    const ids = await visitorIds();
    expect(ids).toContain(visitorId);
    expect(ids).toHaveLength(2);
  });
});
