// The range that was expected, over the Overview's chart and Explore's: switched on, kept in the address, told in the table.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../workers/local/simulator/random.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "bakery.example";
const DAY_MS = 86_400_000;
const APPEARS = { timeout: 20_000 };
const DAYS = 80;
/** Days back, of the day on which hardly anybody came. */
const FALLEN = 4;

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

const noon = (back: number) => Math.floor(Date.now() / DAY_MS) * DAY_MS - back * DAY_MS + DAY_MS / 2;

function history() {
  const random = seededRandom("a bakery's visitors");
  const days = Array.from({ length: DAYS }, (_, index) => index + 1);
  const visitors = days.flatMap((back) =>
    Array.from({ length: back === FALLEN ? 2 : random.poisson(30) }, (_, visitor) => ({
      at: noon(back),
      name: "pageview",
      url: `https://${SITE}/`,
      visitor: `${back} ${visitor}`,
    })),
  );
  return visitors.map((line, index) => ({ line: index, ...line }));
}

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  const lines = history();
  for (let from = 0; from < lines.length; from += 500) {
    const body = {
      import: { id: "history", label: "history", visitors: "given", bots: "keep" },
      events: lines.slice(from, from + 500),
    };
    const reply = await api.request("POST", `/api/v1/sites/${SITE}/import`, { body });
    expect(reply.status).toBeLessThan(300);
  }
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/overview` });
  ({ page } = opened);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
const fallen = () =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" }).format(noon(FALLEN));

it("is off until it is asked for, then names the day that is out of the ordinary, and stands in the address", async () => {
  await page.getByRole("button", { name: "Show expected range" }).waitFor(APPEARS);
  expect(new URL(page.url()).searchParams.get("expected")).toBeNull();
  await press("Show expected range");
  await page.getByText(/^Out of the ordinary: .*\b/).waitFor(APPEARS);
  expect(await page.getByText(/^Out of the ordinary: /).textContent()).toContain(fallen());
  expect(new URL(page.url()).searchParams.get("expected")).toBe("1");
});

it("is told in the table, with the reason in words", async () => {
  await press("Show as table");
  for (const name of ["Expected", "From", "To", "Out of the ordinary"]) {
    await page.getByRole("columnheader", { name }).first().waitFor(APPEARS);
  }
  await page.getByRole("cell", { name: "far below what this day of the week brings" }).waitFor(APPEARS);
});

it("is told of what the filters leave, which here is too little to say anything", async () => {
  await page.goto(`${server.url}/sites/${SITE}/overview?expected=1&f=is,event:page,/none`);
  await page.getByText("No visit fits these filters").waitFor(APPEARS);
  await page.goto(`${server.url}/sites/${SITE}/overview?expected=1&period=7d&grain=hour`);
  await page.getByText(/grey band|Out of the ordinary: /).waitFor(APPEARS);
});

it("is there in Explore for one metric along time, and for nothing else", async () => {
  await page.goto(`${server.url}/sites/${SITE}/explore?expected=1`);
  await page.getByText(/^Out of the ordinary: /).waitFor(APPEARS);
  await page.goto(`${server.url}/sites/${SITE}/explore?expected=1&show=visitors,visits`);
  await page.getByRole("heading", { name: "Visitors, Visits by time" }).waitFor(APPEARS);
  expect(await page.getByRole("button", { name: /expected range/ }).count()).toBe(0);
});

it("fits a phone, all of it with a name, and nothing complains", async () => {
  await page.setViewportSize(PHONE);
  await page.goto(`${server.url}/sites/${SITE}/overview?expected=1`);
  await page.getByText(/^Out of the ordinary: /).waitFor(APPEARS);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(await namelessParts(page)).toEqual([]);
  expect(opened.complaints).toEqual([]);
});
