// Every page for everybody: what axe finds in both themes at a desk's width and a phone's, and all of it by the keyboard.

import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { type OpenDashboard, openDashboard, overhang, PHONE, settled } from "../support/dashboard-browser.ts";
import { importKnownTraffic } from "../support/known-traffic.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "known.example";
const ofSite = (path: string) => `/sites/${SITE}${path}`;
const APPEARS = { timeout: 10_000 };
const DESK = { width: 1280, height: 900 };
/** Names and roles go by width, contrast by theme: two sights see both of each. */
const SIGHTS = [
  { ...DESK, colorScheme: "light" },
  { ...PHONE, colorScheme: "dark" },
] as const;

let server: TestServer;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;
let board: string;
let report: string;

async function prepare(): Promise<void> {
  const api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await api.createGoal(SITE, { kind: "event", match: "signup" });
  await importKnownTraffic(api, SITE);
  const made = async (resource: string, body: object): Promise<string> => {
    const { status, body: reply } = await api.request<{ id: string }>("POST", `/api/v1/sites/${SITE}/${resource}`, {
      body,
    });
    expect([resource, status]).toEqual([resource, 201]);
    return reply.id;
  };
  board = await made("boards", { name: "Web", template: "web" });
  const sections = [
    { id: "a", kind: "figures", metrics: ["visitors", "pageviews"] },
    { id: "b", kind: "question", chart: "table", question: { metrics: ["visitors"], dimensions: ["event:page"] } },
  ];
  report = await made("reports", { name: "Weekly", period: "28d", sections });
  const targets = [{ since: "2026-01-01", target: 100 }];
  await made("kpis", {
    name: "Visitors",
    formula: "visitors",
    unit: "count",
    better: "higher",
    every: "month",
    targets,
  });
  const total = { type: "number", required: true };
  const events = { order_completed: { section: "Shop", mode: "enforce", properties: { total } }, signupDone: {} };
  await api.request("PUT", `/api/v1/sites/${SITE}/tracking-plan`, { body: { events } });
  const refused = { site: SITE, name: "order_completed", url: "https://known.example/", props: { total: "9" } };
  await api.request("POST", "/api/event", { body: refused, headers: { "user-agent": "Mozilla/5.0 Firefox/133.0" } });
  const line = { goal: "People come", signal: "Visits", metric: "visitors", target: 10, better: "higher" };
  await made("heart-sheets", { name: "Site", lines: [{ ...line, side: "adoption" }] });
}

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  await prepare();
  opened = await openDashboard(browser, server.url, { token: server.adminToken, viewport: DESK });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

/** Axe tries to run in the preview of a report too, in which no script runs. */
const AXE_SHUT_OUT = "Blocked script execution in 'about:srcdoc'";

/** Paths of every page, each with its content. */
const PAGES = {
  "all sites": () => "/",
  "a new site": () => "/new",
  "the API's documentation": () => "/docs",
  components: () => "/components",
  "the system": () => "/system",
  live: () => ofSite("/live"),
  overview: () => ofSite(""),
  explore: () => ofSite("/explore?show=visitors,visits&by=visit:country"),
  "explore, a heat map": () => ofSite("/explore?by=event:page,visit:country&chart=heat_map"),
  funnels: () => ofSite("/funnels?steps=page:/|page:/pricing"),
  paths: () => ofSite("/paths"),
  retention: () => ofSite("/retention?each=day"),
  features: () => ofSite("/features?kind=event"),
  sessions: () => ofSite("/sessions"),
  boards: () => ofSite("/boards"),
  "a board": () => ofSite(`/boards/${board}`),
  "a board in the making": () => ofSite(`/boards/${board}?edit=1`),
  "a report": () => ofSite(`/reports/${report}`),
  executive: () => ofSite("/executive"),
  "the tracking plan": () => ofSite("/tracking-plan"),
  "what was filtered": () => ofSite("/filtered"),
  "data quality": () => ofSite("/quality"),
  privacy: () => ofSite("/privacy"),
  alerts: () => ofSite("/alerts"),
  settings: () => ofSite("/settings"),
  "the audit trail": () => ofSite("/audit"),
  "reconciliation, without a history": () => ofSite("/reconciliation"),
  "first run": () => ofSite("/start"),
  nothing: () => "/nowhere/at/all",
};

/** What axe finds that keeps somebody from using the page. */
async function barriers(): Promise<string[]> {
  // Nothing is framed here, so axe need not open a page of its own to put frames together.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ["violations"] })
    .analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

describe.each(Object.entries(PAGES))("the page of %s", (_, path) => {
  it("has no barrier in either theme, and fits a phone", async () => {
    await page.setViewportSize(DESK);
    await page.goto(server.url + path());
    for (const { colorScheme, ...viewport } of SIGHTS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await settled(page);
      expect({ width: viewport.width, colorScheme, barriers: await barriers() }).toMatchObject({ barriers: [] });
    }
    expect(await overhang(page)).toBe(0);
    expect(opened.complaints.filter((text) => !text.startsWith(AXE_SHUT_OUT))).toEqual([]);
  });
});

describe("the keyboard alone", () => {
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("title") ?? document.activeElement?.textContent);
  const expectFocused = (part: Locator) =>
    expect.poll(() => part.evaluate((element) => element === document.activeElement), APPEARS).toBe(true);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  beforeAll(async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(DESK);
  });

  it("skips what every page begins with", async () => {
    for (const path of [PAGES.explore, PAGES.retention, PAGES["a board"], PAGES.executive]) {
      await page.goto(server.url + path());
      await settled(page);
      await press("Tab");
      expect(await focused()).toBe("Skip to content");
      await press("Enter", "Tab");
      const inside = await page.evaluate(() => document.activeElement?.closest("main")?.id);
      expect(inside).toBe("content");
    }
  });

  it("opens a menu, walks it, and is back at its button after Escape", async () => {
    await page.goto(server.url + PAGES.explore());
    await settled(page);
    const button = page.getByRole("button", { name: "Options of Visitors, Visits by country" });
    await button.focus();
    await press("Enter");
    await page.getByRole("button", { name: "Ask it from a program" }).waitFor(APPEARS);
    await expect.poll(focused, APPEARS).toBe("List");
    await press("ArrowDown");
    expect(await focused()).toBe("Bars");
    await press("Escape");
    expect(await page.getByRole("button", { name: "Ask it from a program" }).count()).toBe(0);
    await expectFocused(button);
  });

  it("opens a dialog from a menu, closes it by Escape, and is back where it was", async () => {
    await page.goto(server.url + PAGES.explore());
    await settled(page);
    const button = page.getByRole("button", { name: "Options of Visitors, Visits by country" });
    for (const entry of ["How is this counted?", "Ask it from a program", "Add to a board…"]) {
      await button.focus();
      await press("Enter");
      await expect.poll(focused, APPEARS).toBe("List");
      await page.getByRole("button", { name: entry }).press("Enter");
      await page.getByRole("dialog").waitFor(APPEARS);
      await press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      await expectFocused(button);
    }
    // A dialog that has shut tells of it a moment later: whoever has gone on by then keeps the focus.
    await button.press("Enter");
    await page.getByRole("button", { name: "How is this counted?" }).press("Enter");
    await page.getByRole("dialog").waitFor(APPEARS);
    const elsewhere = page.getByRole("link", { name: "Skip to content" });
    await elsewhere.evaluate((link: HTMLElement) => {
      document.querySelector("dialog")?.close();
      link.focus();
    });
    await page.locator("dialog").waitFor({ state: "detached" });
    await expectFocused(elsewhere);
  });

  it("chooses a page in the drawing of paths", async () => {
    await page.goto(server.url + PAGES.paths());
    await page.getByRole("button", { name: /^\/pricing 1 visit at step 1/ }).press("Space");
    await page.getByRole("heading", { name: "Paths from /pricing" }).waitFor(APPEARS);
  });
});
