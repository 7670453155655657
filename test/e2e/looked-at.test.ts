// Pages that are looked at for long, and in trouble: a panel that fails by itself, a tab that nobody sees, a refresh by hand.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { openDashboard, settled } from "../support/dashboard-browser.ts";
import { importKnownTraffic } from "../support/known-traffic.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "known.example";
const APPEARS = { timeout: 15_000 };
const MINUTE = 60_000;

let server: TestServer;
let api: TestApi;
let browser: Browser;
let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;
let board: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await importKnownTraffic(api, SITE);
  const { body } = await api.request<{ id: string }>("POST", `/api/v1/sites/${SITE}/boards`, {
    body: {
      name: "Two",
      panels: [
        panelOf("Visitors", "number", 0, { metrics: ["visitors"] }),
        panelOf("Ways", "sankey", 6, { analysis: "paths", params: { depth: 3 } }),
      ],
    },
  });
  board = `/sites/${SITE}/boards/${body.id}`;
  const { page, context } = await openDashboard(browser, server.url, { token: server.adminToken });
  await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
  signedIn = await context.storageState();
  await context.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

function panelOf(title: string, chart: string, x: number, question: object) {
  return { id: title, title, chart, question, grid: { x, y: 0, w: 6, h: 5 } };
}

const panel = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

describe("a panel whose question fails", () => {
  it("says so alone, and is asked again by its reader", async () => {
    const { page, context } = await openDashboard(browser, server.url, { storageState: signedIn });
    await page.route("**/api/v2/query", (route) =>
      route.request().postData()?.includes('"analysis"')
        ? route.fulfill({
            status: 500,
            contentType: "application/problem+json",
            body: '{"title":"Broken","detail":"It broke."}',
          })
        : route.continue(),
    );
    await page.goto(server.url + board);
    await panel(page, "Ways").getByText("It broke.").waitFor(APPEARS);
    await expect.poll(() => panel(page, "Visitors").innerText(), APPEARS).toMatch(/^5$/m);
    await page.unroute("**/api/v2/query");
    await panel(page, "Ways").getByRole("button", { name: "Try again" }).click();
    await panel(page, "Ways")
      .getByRole("button", { name: /^\/pricing/ })
      .first()
      .waitFor(APPEARS);
    await context.close();
  });
});

describe("the Overview where one question breaks", () => {
  it("shows the other panels, and says in the place of the one what is wrong", async () => {
    const { page, context } = await openDashboard(browser, server.url, { storageState: signedIn });
    await page.route("**/api/v2/query", (route) =>
      route.request().postData()?.includes('"bounce_rate"')
        ? route.fulfill({
            status: 500,
            contentType: "application/problem+json",
            body: '{"title":"Broken","detail":"It broke."}',
          })
        : route.continue(),
    );
    await page.goto(`${server.url}/sites/${SITE}`);
    const pages = panel(page, "Pages").getByRole("button", { name: /^\/pricing/ });
    await pages.waitFor(APPEARS);
    const lead = panel(page, "Figures and trend");
    await lead.getByText("It broke.").waitFor(APPEARS);
    await page.unroute("**/api/v2/query");
    await lead.getByRole("button", { name: "Try again" }).click();
    await lead.getByRole("button", { name: /^Visitors 5/ }).waitFor(APPEARS);
    await context.close();
  });
});

describe("a page that stays open", () => {
  let page: Page;
  let context: BrowserContext;
  let asked: number;
  let sockets: { closed: boolean }[];

  beforeEach(async () => {
    ({ page, context } = await openDashboard(browser, server.url, { storageState: signedIn }));
    asked = 0;
    sockets = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/v2/query")) asked++;
    });
    page.on("websocket", (socket) => {
      const seen = { closed: false };
      sockets.push(seen);
      socket.on("close", () => Object.assign(seen, { closed: true }));
    });
  });
  afterEach(() => context.close());

  /** Opens it with a clock that the test moves, once all that it asks for at first is there. */
  async function open(path: string): Promise<void> {
    await page.clock.install();
    await page.goto(server.url + path);
    await settled(page);
    await expect.poll(() => sockets.length, APPEARS).toBe(1);
    // The course of a figure is asked for after the figure itself.
    await panel(page, "Visitors").locator(".sparkline").waitFor(APPEARS);
  }

  /** As a browser does when another tab is chosen, or this one again. */
  const show = (visible: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event("visibilitychange"));
    }, !visible);

  it("asks again each minute while it is seen", async () => {
    await open(board);
    const before = asked;
    await page.clock.runFor(MINUTE + 1000);
    await expect.poll(() => asked, APPEARS).toBeGreaterThan(before);
  });

  it("asks for nothing while it is hidden, rests its socket, and is up to date once it is seen again", async () => {
    await open(board);
    const before = asked;
    await show(false);
    // In one leap: while minutes run, the clock outruns the socket's replies, and a line that was lost asks again.
    await page.clock.fastForward(10 * MINUTE);
    await expect.poll(() => sockets.every(({ closed }) => closed), APPEARS).toBe(true);
    expect(asked).toBe(before);
    await show(true);
    await expect.poll(() => asked, APPEARS).toBeGreaterThan(before);
    await expect.poll(() => sockets.filter(({ closed }) => !closed).length, APPEARS).toBe(1);
  });

  it("asks only when its reader does, where they chose so", async () => {
    await open(`${board}?refresh=0`);
    const before = asked;
    // In one leap, as above.
    await page.clock.fastForward(10 * MINUTE);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(asked).toBe(before);
    await page.keyboard.press("r");
    await expect.poll(() => asked, APPEARS).toBeGreaterThan(before);
  });
});
