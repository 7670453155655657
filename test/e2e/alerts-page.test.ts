// The page of alerts: a channel made and tested against a receiver on this machine, a rule tried on the past and kept.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const APPEARS = { timeout: 15_000 };

let server: TestServer;
let api: TestApi;
let receiver: Server;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;
const received: string[] = [];

beforeAll(async () => {
  process.env.EDGEWISE_PRIVATE_CHANNELS = "1";
  receiver = createServer((request, response) => {
    request.on("data", (part) => received.push(JSON.parse(String(part)).type));
    request.on("end", () => response.end("thanks"));
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", () => resolve()));
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await importViews();
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/alerts` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Alerts" }).waitFor(APPEARS);
});
afterAll(async () => {
  delete process.env.EDGEWISE_PRIVATE_CHANNELS;
  receiver?.close();
  await browser?.close();
  await server?.discard();
});

/** Twenty days of two views each three hours, with three hours of forty. */
async function importViews(): Promise<void> {
  const first = Math.floor(Date.now() / DAY_MS) * DAY_MS - 20 * DAY_MS;
  const views = Array.from({ length: 160 }, (_, step) => {
    const at = first + step * 3 * HOUR_MS;
    const count = [40, 75, 130].includes(step) ? 40 : 2;
    return Array.from({ length: count }, (_, i) => ({ at: at + i * 60_000, visitor: `v${i}`, name: "pageview" }));
  });
  const lines = views.flat().map((view, line) => ({ ...view, line, url: `https://${SITE}/` }));
  await api.importLines(SITE, { id: "twenty-days", label: "Days", bots: "keep" }, lines);
  await api.finishImport(SITE, "twenty-days");
}

const shows = (text: string | RegExp) => page.getByText(text).first().waitFor(APPEARS);
const dialog = () => page.getByRole("dialog");
const inDialog = (name: string) => dialog().getByRole("button", { name, exact: true }).click();

it("says what to do where there is nothing", async () => {
  await shows("Nothing is firing.");
  await shows("There is no rule yet. A good first one: nothing comes in for 30 minutes.");
  await shows("Nobody is told yet.");
});

it("a channel is made by the form of its kind, a complaint stands at its field, and the test arrives", async () => {
  await page.getByRole("button", { name: "New channel" }).click();
  expect(await dialog().getByLabel("Signing secret").inputValue()).toMatch(/^whsec_/);
  await dialog().getByLabel("Name").fill("Ours");
  await dialog().getByLabel("Address").fill("file:///etc/passwd");
  await inDialog("Make channel");
  await dialog().getByText("must begin with https:// or http://").waitFor(APPEARS);
  const { port } = receiver.address() as AddressInfo;
  await dialog().getByLabel("Address").fill(`http://127.0.0.1:${port}/hook`);
  await inDialog("Make channel");
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await shows("The test has arrived: answered 200");
  expect(received).toEqual(["alert.test"]);
});

it("a channel is changed without its secret, and turned off and on", async () => {
  await page.getByRole("button", { name: "Change the channel Ours" }).click();
  await dialog().getByLabel("Address").waitFor(APPEARS);
  for (const name of ["Address", "Signing secret"]) expect(await dialog().getByLabel(name).inputValue()).toBe("");
  await dialog().getByLabel("Name").fill("Ours, too");
  await inDialog("Save");
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Test", exact: true }).click();
  await shows("The test has arrived: answered 200");
  await page.getByRole("button", { name: "Change the channel Ours, too" }).click();
  await dialog().getByRole("button", { name: "Make a new one" }).click();
  expect(await dialog().getByLabel("Signing secret").inputValue()).toMatch(/^whsec_/);
  await dialog().getByLabel("Name").fill("Ours");
  await inDialog("Save");
  await dialog().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Turn off" }).click();
  await shows("Off, since it was turned off.");
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("button", { name: "Turn off" }).waitFor(APPEARS);
});

it("a rule is tried on the past, kept, paused and removed", async () => {
  await page.getByRole("button", { name: "New rule" }).click();
  await dialog().getByLabel("Name").fill("Many views");
  // What is known by the hour alone is looked at by the hour.
  await dialog().getByLabel("Metric").selectOption("visitors");
  expect(await dialog().getByLabel("Minutes looked at").inputValue()).toBe("60");
  await dialog().getByText("Costs each hour the roll-ups of 2 days.").waitFor(APPEARS);
  await dialog().getByLabel("Metric").selectOption("pageviews");
  await dialog().getByLabel("This value").fill("20");
  await inDialog("Try it on the past");
  await dialog()
    .getByText(/With this rule you would have been woken 3 times in the last 2[01] days/)
    .waitFor(APPEARS);
  await dialog().getByRole("img", { name: "pageviews, fired 3 times" }).waitFor(APPEARS);
  expect(await dialog().locator(".fired-mark").count()).toBe(3);
  await dialog().getByLabel("Ours").check();
  await inDialog("Save");
  await shows("page views in 60 min above 20");
  await page.getByRole("button", { name: "Pause" }).click();
  await shows("Paused · page views in 60 min above 20");
  const { rules } = (
    await api.request<{ rules: { enabled: boolean; channels: string[] }[] }>("GET", `/api/v1/sites/${SITE}/alert-rules`)
  ).body;
  expect(rules).toMatchObject([{ enabled: false, channels: [expect.any(String)] }]);
});

it("a rule begins with a template, is narrowed, and waits for another", async () => {
  await page.getByRole("button", { name: "New rule" }).click();
  await dialog().getByLabel("Begin with").selectOption("Every site: Half as many as last week");
  expect(await dialog().getByLabel("Name").inputValue()).toBe("Half as many as last week");
  await dialog().getByLabel("Values").fill("DE, FR");
  await inDialog("Add");
  await dialog().getByText("Country is Germany or France").waitFor(APPEARS);
  await dialog().getByLabel("Each by itself").selectOption("visit:device");
  await dialog().getByText("Costs each hour one scan over 9 days of events, shared by all its rules.").waitFor(APPEARS);
  await dialog().getByLabel("Many views").check();
  await inDialog("Save");
  await shows("page views 50 % less than a week ago, Country is Germany or France, each device");
  const { rules } = (await api.request<{ rules: object[] }>("GET", `/api/v1/sites/${SITE}/alert-rules`)).body;
  expect(rules[1]).toMatchObject({
    filters: [["is", "visit:country", ["DE", "FR"]]],
    split: { dimension: "visit:device", top: 10 },
    dependsOn: [expect.any(String)],
  });
  for (const name of ["Half as many as last week", "Many views"]) {
    page.once("dialog", (asked) => void asked.accept());
    await page.getByRole("button", { name: `Remove the rule ${name}` }).click();
    await page.getByRole("button", { name: `Remove the rule ${name}` }).waitFor({ state: "detached" });
  }
  await shows("There is no rule yet.");
});

it("fits a phone, names its parts and complains of nothing", async () => {
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBe(0);
  expect(await namelessParts(page)).toEqual([]);
  // What the form was refused is the browser's own line about the request.
  expect(opened.complaints.filter((one) => !one.includes("400"))).toEqual([]);
});
