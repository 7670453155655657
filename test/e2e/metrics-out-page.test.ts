// Metrics out, in a site's settings and on the page System: a target made and tested against a receiver on this machine, and
// what Prometheus scrapes over the server's own socket.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { otlpPayload } from "../support/published-payloads.ts";
import { readExposition } from "../support/read-exposition.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { type StandIn, serveStandIn } from "../support/stand-in.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 15_000 };

let server: TestServer;
let api: TestApi;
let receiver: StandIn;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  process.env.EDGEWISE_PRIVATE_CHANNELS = "1";
  [server, browser, receiver] = await Promise.all([startTestServer(), launchChromium(), serveStandIn()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await api.send(Array.from({ length: 5 }, () => ({ site: SITE, name: "pageview", url: "https://shop.example/" })));
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/settings` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Metrics out" }).waitFor(APPEARS);
});
afterAll(async () => {
  delete process.env.EDGEWISE_PRIVATE_CHANNELS;
  await receiver?.close();
  await browser?.close();
  await server?.discard();
});

const shows = (text: string | RegExp) => page.getByText(text).first().waitFor(APPEARS);
const dialog = () => page.getByRole("dialog");

async function makeTarget(port: string): Promise<void> {
  await page.getByRole("button", { name: "New target" }).click();
  await dialog().getByLabel("Name").fill("Our collector");
  await dialog().getByLabel("Address").fill(`${receiver.url}/${port}`);
  await dialog().getByLabel("Header's value").fill("Bearer abc");
  await dialog().getByRole("button", { name: "Make target" }).click();
}

it("a target is made by the form of its kind, a complaint stands at its field, and the test arrives", async () => {
  await shows("Nothing is sent anywhere yet.");
  await page.getByRole("button", { name: "New target" }).click();
  await dialog().getByLabel("Kind").selectOption("datadog");
  await dialog().getByLabel("API key").fill("too short");
  await dialog().getByRole("button", { name: "Make target" }).click();
  await dialog().getByText("use the API key of 32 letters and digits").waitFor(APPEARS);
  await page.keyboard.press("Escape");
  await makeTarget("v1/metrics");
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await shows("The test has arrived: answered 200");
  const [test] = receiver.received;
  expect(test).toMatchObject({ path: "/v1/metrics", headers: { authorization: "Bearer abc" } });
  expect(otlpPayload.safeParse(JSON.parse(test!.body)).error?.issues).toBeUndefined();
});

it("metrics of the site are sent when cron rings, and the answer is shown", async () => {
  receiver.reply = { status: 503, headers: {}, body: "not now" };
  await expect.poll(() => receiver.received.length, { timeout: 90_000, interval: 500 }).toBeGreaterThan(1);
  const { body } = receiver.received[1]!;
  expect(otlpPayload.safeParse(JSON.parse(body)).error?.issues).toBeUndefined();
  expect(body).toContain("edgewise_site_visitors");
  await page.reload();
  await shows(/Did not arrive, .*: answered 503: not now/);
}, 120_000);

it("fits a phone, names its parts and complains of nothing", async () => {
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBe(0);
  expect(await namelessParts(page)).toEqual([]);
  // What the form was refused is the browser's own line about the request.
  expect(opened.complaints.filter((one) => !one.includes("400"))).toEqual([]);
});

it("a target is removed, and the system has targets of its own", async () => {
  page.once("dialog", (asked) => void asked.accept());
  await page.getByRole("button", { name: "Remove the target Our collector" }).click();
  await shows("Nothing is sent anywhere yet.");
  receiver.reply = { status: 200, headers: {}, body: "{}" };
  await page.goto(`${server.url}/system`);
  await shows("Nothing is sent anywhere yet.");
  await makeTarget("system");
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await shows("The test has arrived");
});

it("Prometheus reads the site and the system over the server's own socket", async () => {
  for (const path of [`/api/v1/sites/${SITE}/prometheus`, "/metrics"]) {
    const headers = { authorization: `Bearer ${server.adminToken}` };
    const text = await (await fetch(server.url + path, { headers })).text();
    expect(readExposition(text, "text").length).toBeGreaterThan(3);
    expect((await fetch(server.url + path)).status).toBe(401);
  }
});
