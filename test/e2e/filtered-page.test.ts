// The page of what was filtered: why, what it was, and a host that is allowed by a click.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const STAGING = "staging.shop.example";
const APPEARS = { timeout: 20_000 };
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

async function send(url: string, agent = FIREFOX) {
  const body = { site: SITE, name: "pageview", url };
  return (await api.request<Record<string, number>>("POST", "/api/event", { body, headers: { "user-agent": agent } }))
    .body;
}
const copyOut = () => api.request("POST", `/api/v1/sites/${SITE}/flush`);
const row = (name: string) => page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE, hostnames: [SITE], excludedPaths: ["/admin/*"] });
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/filtered` });
  ({ page } = opened);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

it("says what will be counted here while nothing was filtered", async () => {
  await page.getByText("Nothing was filtered in this period").waitFor(APPEARS);
});

it("tells reasons, shares and samples, with a link to where each is set", async () => {
  expect(await send(`https://${SITE}/`)).toMatchObject({ accepted: 1 });
  expect(await send(`https://${STAGING}/anna`)).toMatchObject({ dropped: 1 });
  expect(await send(`https://${SITE}/admin/users`)).toMatchObject({ dropped: 1 });
  expect(await send(`https://${SITE}/`, "Googlebot/2.1 (+http://www.google.com/bot.html)")).toMatchObject({
    dropped: 1,
  });
  await copyOut();
  await page.reload();
  await page.getByText("of 4 events were filtered, 75% of all that came").waitFor(APPEARS);
  expect(await row("Bots").first().textContent()).toContain("the user agent is a known bot");
  await row("Googlebot").waitFor(APPEARS);
  await page.getByRole("link", { name: "Allowed hosts" }).waitFor(APPEARS);
  expect(await page.locator("body").textContent()).not.toContain("anna");
});

it("allows a host by a click, from when on its events count", async () => {
  await row(STAGING).getByRole("button", { name: "Allow this host" }).click();
  await row(STAGING).getByText("Allowed now").waitFor(APPEARS);
  await row("/admin/*").getByRole("button", { name: "Count these pages" }).click();
  await row("/admin/*")
    .getByRole("button")
    .waitFor({ ...APPEARS, state: "detached" });
  await expect
    .poll(() => send(`https://${STAGING}/`), { timeout: 60_000, interval: 1000 })
    .toMatchObject({ accepted: 1 });
  expect(await send(`https://${SITE}/admin/users`)).toMatchObject({ accepted: 1 });
});

it("fits a phone, all of it with a name, and nothing complains", async () => {
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(await namelessParts(page)).toEqual([]);
  expect(opened.complaints).toEqual([]);
});
