// The dashboard as people meet it, in a real Chromium: the first run, the overview of a known traffic, and what it says
// when something is wrong.

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BROWSER, connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import {
  buttonNames,
  DESKTOP,
  namelessParts,
  type OpenDashboard,
  openDashboard,
  overhang,
  PHONE,
} from "../support/dashboard-browser.ts";
import { importKnownTraffic } from "../support/known-traffic.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { servePages } from "../support/visited-pages.ts";

const KNOWN = "known.example";
const EMPTY = "empty.example";
const OVERVIEW = `/sites/${KNOWN}`;
const STORY = "/blog/a-long-story-about-the-many-ways-in-which-a-page-may-be-called";
const APPEARS = { timeout: 10_000 };
const RECOVERS = { timeout: 40_000 };

const FIGURES = [
  "Visitors 5 up 150%, better from 2",
  "Visits 6 up 200%, better from 2",
  "Page views 9 up 350%, better from 2",
  "Views per visit 1.5 up 50%, better from 1",
  "Bounce rate 67% down 33 pts, better from 100%",
  "Visit duration 1m 20s from 0s",
];
const FIGURES_OF_PRICING = [
  "Visitors 2 from 0",
  "Visits 2 from 0",
  "Page views 2 from 0",
  "Views per visit 2.5",
  "Bounce rate 0%",
  "Visit duration 4m 00s",
];

let server: TestServer;
let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ forPeople: true }), launchChromium()]);
  api = connectTestApi(server);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const search = (page: Page): string => decodeURIComponent(new URL(page.url()).search);
const figures = (page: Page) => buttonNames(page.getByRole("group", { name: /^Figures of the period/ }));
const panel = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const expectFigures = (page: Page, expected: readonly string[]) =>
  expect.poll(() => figures(page), APPEARS).toEqual(expected);
const expectVisitors = (page: Page, expected: string) =>
  expect.poll(async () => (await figures(page))[0], APPEARS).toBe(expected);
const expectRows = (page: Page, name: string, expected: readonly string[]) =>
  expect.poll(() => buttonNames(panel(page, name).getByRole("list")), APPEARS).toEqual(expected);

/** On first use: the first run begins with no site at all. */
async function haveSites(): Promise<void> {
  if ((await api.request("GET", `/api/v1/sites/${KNOWN}`)).status === 200) return;
  await api.createSite({ id: KNOWN, shards: 2 });
  await api.createSite({ id: EMPTY });
  await api.createGoal(KNOWN, { kind: "event", match: "signup" });
  await importKnownTraffic(api, KNOWN);
}

describe.each([DESKTOP, PHONE])("the first run, $width pixels wide", (viewport) => {
  it("leads from the printed link to the first event, which shows by itself", async () => {
    const site = `shop-${viewport.width}.example`;
    const [, link = ""] = /^sign in: (\S+)$/m.exec(server.output()) ?? [];
    const permissions = ["clipboard-read", "clipboard-write"];
    const { context, page, complaints } = await openDashboard(browser, link, { path: "", viewport, permissions });
    await page.getByRole("link", { name: "Add a site" }).click();
    expect(page.url()).toBe(`${server.url}/new`);
    expect(await overhang(page)).toBe(0);

    await page.getByLabel("Domain").fill(`https://www.${site}/shop`);
    await page.getByRole("button", { name: "Add site" }).click();
    await page.getByRole("heading", { name: `Paste this into ${site}` }).waitFor(APPEARS);
    await page.getByRole("button", { name: "Copy snippet" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor(APPEARS);
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toBe(`<script defer data-site="${site}" src="${server.url}/js/edgewise.js"></script>`);
    await page.getByRole("status").getByText("Waiting for the first event…").waitFor(APPEARS);
    expect(await overhang(page)).toBe(0);
    expect(await namelessParts(page)).toEqual([]);

    const pages = await servePages(snippet);
    const visitor = await browser.newContext({ userAgent: BROWSER });
    await (await visitor.newPage()).goto(`${pages.origin}/welcome`);
    const arrived = page.getByRole("status").filter({ hasText: "We saw your first event" });
    await arrived.getByText("/welcome").waitFor(APPEARS);
    expect(await overhang(page)).toBe(0);

    await page.getByRole("link", { name: "Watch it live" }).click();
    await panel(page, "Event stream").getByText("/welcome").waitFor(APPEARS);
    await page.goBack();
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await expect.poll(async () => (await figures(page))[0], APPEARS).toMatch(/^Visitors 1\b/);
    expect(complaints).toEqual([]);
    await Promise.all([context.close(), visitor.close(), pages.close()]);
  });
});

describe("the overview", () => {
  let known: OpenDashboard;
  let page: Page;

  beforeAll(haveSites);
  beforeEach(async () => {
    known = await openDashboard(browser, server.url, { token: server.adminToken, path: OVERVIEW });
    ({ page } = known);
    await expectFigures(page, FIGURES);
  });
  afterEach(async () => {
    await known.context.close();
    expect(known.complaints).toEqual([]);
  });

  const open = async (path: string) => {
    await page.goto(server.url + path);
    await page.getByRole("heading", { level: 1 }).waitFor(APPEARS);
  };

  it("shows the figures of a known traffic, and its lists", async () => {
    await expectRows(page, "Pages", ["/ 80% 4", "/pricing 40% 2", `${STORY} 20% 1`, "/signup 20% 1"]);
    await expectRows(page, "Sources", ["Direct / None 60% 3", "Google 20% 1", "Hacker News 20% 1"]);
    await expectRows(page, "Places", ["Germany 60% 3", "France 20% 1", "United States 20% 1"]);
    await expectRows(page, "Technology", ["Chrome 60% 3", "Firefox 20% 1", "Safari 20% 1"]);
    await expectRows(page, "Conversions", ["signup 1 1 20%"]);
    expect(await namelessParts(page)).toEqual([]);
  });

  it("has each list by other names too, and remembers the chosen ones in the address", async () => {
    const chosen: [panel: string, tab: string, rows: string[]][] = [
      ["Pages", "Entry", ["/ 60% 3", `${STORY} 20% 1`, "/pricing 20% 1"]],
      ["Sources", "Channels", ["Direct 60% 3", "Organic Search 20% 1", "Social 20% 1"]],
      ["Technology", "Devices", ["Desktop 60% 3", "Mobile 40% 2"]],
      ["Conversions", "Custom events", ["signup 1 1 20%"]],
    ];
    for (const [title, tab] of chosen) await panel(page, title).getByRole("button", { name: tab }).click();
    for (const [title, , expected] of chosen) await expectRows(page, title, expected);
    await page.reload();
    for (const [title, , expected] of chosen) await expectRows(page, title, expected);
    await panel(page, "Pages").getByRole("button", { name: "Exit" }).click();
    await expectRows(page, "Pages", ["/ 80% 4", `${STORY} 20% 1`, "/signup 20% 1"]);
  });

  it("lists each day with the one it is compared with, empty ones too", async () => {
    await page.getByRole("button", { name: "Show as table" }).click();
    await page.getByRole("table", { name: "Visitors" }).waitFor(APPEARS);
    const days = await page.getByRole("row").allInnerTexts();
    const counts = days.slice(1).map((day) => day.split("\t").slice(1, 3).map(Number));
    expect(counts).toHaveLength(28);
    expect(counts.flat().every(Number.isInteger)).toBe(true);
    expect(counts.flatMap(([now, before], i) => (now || before ? [[27 - i, now, before]] : []))).toEqual([
      [10, 1, 0],
      [5, 0, 1],
      [3, 1, 1],
      [2, 2, 0],
      [1, 2, 0],
    ]);
  });

  it("is filtered by a click on a row; back, forward and a reload bring each state again", async () => {
    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).click();
    await expectFigures(page, FIGURES_OF_PRICING);
    expect(search(page)).toBe("?f=is,event:page,/pricing");
    const chips = page.getByRole("list", { name: "Filters" });
    expect(await chips.textContent()).toMatch(/^Page\s*is\s*\/pricing$/);
    await expectRows(page, "Sources", ["Direct / None 50% 1", "Google 50% 1"]);

    await page.reload();
    await expectFigures(page, FIGURES_OF_PRICING);
    await page.goBack();
    await expectFigures(page, FIGURES);
    expect(await chips.count()).toBe(0);
    await page.goForward();
    await expectFigures(page, FIGURES_OF_PRICING);
    await page.getByRole("button", { name: "Remove filter Page /pricing" }).click();
    await expectFigures(page, FIGURES);
    expect(search(page)).toBe("");
  });

  it("takes a filter that is built by hand, and turns it round", async () => {
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Add a filter" });
    await dialog.getByLabel("Dimension").selectOption("visit:country");
    await dialog.getByPlaceholder("Type or choose a value").fill("germ");
    await dialog.getByRole("button", { name: "Germany" }).click();
    await dialog.getByRole("button", { name: "Add filter" }).click();
    await expectRows(page, "Places", ["Germany 100% 3"]);
    await page.getByRole("list", { name: "Filters" }).getByRole("button", { name: "is", exact: true }).click();
    await expectRows(page, "Places", ["France 50% 1", "United States 50% 1"]);
    expect(search(page)).toBe("?f=is_not,visit:country,DE");
  });

  it("changes its period and what that is compared with", async () => {
    await page.getByRole("button", { name: "Last 28 days" }).click();
    await page.getByRole("button", { name: "Last 7 days" }).click();
    await expectVisitors(page, "Visitors 4 up 300%, better from 1");
    expect(search(page)).toBe("?period=7d");
    await page.getByRole("button", { name: "vs. period before" }).click();
    await page.getByRole("button", { name: "No comparison" }).click();
    await expectVisitors(page, "Visitors 4");
    expect(search(page)).toBe("?period=7d&compare=none");
    await page.goBack();
    await page.getByRole("button", { name: "Period before", exact: true }).click();
    await expectVisitors(page, "Visitors 1 from 0");
  });

  it("is all within reach of the keyboard, and says how", async () => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Filter");

    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor(APPEARS);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused()).toBe("Filter");

    await page.keyboard.press("w");
    await expect.poll(() => search(page), APPEARS).toBe("?period=7d");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => search(page), APPEARS).toMatch(/period=custom/);
    await page.keyboard.press("f");
    await expectFigures(page, FIGURES);

    await panel(page, "Pages").getByRole("button", { name: "/pricing" }).focus();
    await page.keyboard.press("Enter");
    await expectFigures(page, FIGURES_OF_PRICING);
    await page.keyboard.press("x");
    await expectFigures(page, FIGURES);
    await page.keyboard.press("1");
    await page.getByRole("heading", { name: `${KNOWN}, live` }).waitFor(APPEARS);
  });

  it("follows the system's dark colours, and the reader's own choice before them", async () => {
    const dark = () =>
      page.evaluate(() => {
        const [red = 255] = getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
        return red < 64;
      });
    expect(await dark()).toBe(false);
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(dark).toBe(true);
    await page.getByRole("button", { name: "Colours: auto. Change" }).click();
    await expect.poll(dark).toBe(false);
    await page.reload();
    await page.getByRole("button", { name: "Colours: light. Change" }).waitFor(APPEARS);
    expect(await dark()).toBe(false);
  });

  it("of a site without events says what to do", async () => {
    await open(`/sites/${EMPTY}`);
    await page.getByText("No visits in this period").waitFor(APPEARS);
    expect(await namelessParts(page)).toEqual([]);
    await page.getByRole("link", { name: "see that the snippet is in place" }).click();
    await page.getByRole("heading", { name: `Paste this into ${EMPTY}` }).waitFor(APPEARS);
  });

  it("gives a bookmark that leaves one's own visits out, and counts them again", async () => {
    await open(`${OVERVIEW}/settings`);
    const bookmark = await page.getByRole("link", { name: "Leave out my visits" }).getAttribute("href", APPEARS);
    const said: string[] = [];
    page.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.accept();
    });
    const pressed = () =>
      page.evaluate(
        (code) => {
          new Function(code)();
          return localStorage.getItem("edgewise_ignore");
        },
        decodeURIComponent(bookmark?.replace("javascript:", "") ?? ""),
      );
    expect([await pressed(), await pressed()]).toEqual(["true", null]);
    expect(said).toEqual([expect.stringContaining("left out"), expect.stringContaining("counted again")]);
  });

  it("fits a phone, with every other page, and all parts of them have names", async () => {
    await page.setViewportSize(PHONE);
    for (const path of [
      "/",
      "/new",
      `${OVERVIEW}?f=is,event:page,/pricing`,
      `${OVERVIEW}/live`,
      `${OVERVIEW}/settings`,
    ]) {
      await open(path);
      await expect.poll(() => page.locator(".skeleton").count(), APPEARS).toBe(0);
      expect([path, await overhang(page), ...(await namelessParts(page))]).toEqual([path, 0]);
    }
  });
});

describe("what is wrong", () => {
  beforeAll(haveSites);

  // Chromium writes every refused or failed request to the console by itself.
  const ownComplaints = ({ complaints }: OpenDashboard) =>
    complaints.filter((text) => !/Failed to load resource|WebSocket connection to/.test(text));

  it("with a token is said where it was typed, and the right one is taken after it", async () => {
    const opened = await openDashboard(browser, server.url, {});
    const { page, context } = opened;
    await page.getByLabel("Token").fill("not-the-token");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await page.getByRole("alert").textContent()).toBe("This token is not right. Copy the whole line.");
    await page.getByLabel("Token").fill(server.adminToken);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Edgewise" }).waitFor(APPEARS);
    expect(ownComplaints(opened)).toEqual([]);
    await context.close();
  });

  it("with a sign-in link is said, and leaves no token in the address", async () => {
    const { page, context } = await openDashboard(browser, server.url, { token: "an-old-token" });
    const said = await page.getByRole("status").textContent();
    expect(said).toBe("This sign-in link is not valid any more. Paste the token instead.");
    expect(page.url()).toBe(`${server.url}/`);
    await context.close();
  });

  it("with an address is said, with a way back", async () => {
    const options = { token: server.adminToken, path: "/sites/nowhere.example" };
    const { page, context } = await openDashboard(browser, server.url, options);
    await page.getByText("There is no site nowhere.example").waitFor(APPEARS);
    await page.getByRole("link", { name: "Go to all sites" }).click();
    await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
    await context.close();
  });

  it("with the loading of the chart is said with a remedy, and the table shows the same", async () => {
    const opened = await openDashboard(browser, server.url, { token: server.adminToken });
    const { page, context } = opened;
    await page.route(/series-canvas/, (route) => route.abort());
    await page.goto(server.url + OVERVIEW);
    await page.getByText("The chart could not be loaded").waitFor(APPEARS);
    await page.getByRole("button", { name: "Show as table" }).click();
    await page.getByRole("table", { name: "Visitors" }).waitFor(APPEARS);
    expect(await page.getByRole("row").count()).toBe(29);
    await page.unroute(/series-canvas/);
    await page.getByRole("button", { name: "Show as chart" }).click();
    await page.getByRole("button", { name: "Reload the page" }).click();
    await page.getByRole("img", { name: /^Visitors: Visitors/ }).waitFor(APPEARS);
    expect(ownComplaints(opened)).toEqual([]);
    await context.close();
  });

  it("with the server is said with a remedy, the figures stay, and it recovers by itself", async () => {
    const opened = await openDashboard(browser, server.url, { token: server.adminToken, path: OVERVIEW });
    const { page, context } = opened;
    await expectFigures(page, FIGURES);
    await server.kill("both");
    await page.keyboard.press("r");
    await page.getByText("The last refresh failed; these are the figures from before.").waitFor(APPEARS);
    expect(await figures(page)).toEqual(FIGURES);

    await page.keyboard.press("w");
    const alert = page.getByRole("alert");
    await alert.getByText("The server could not be reached. Check that it is running").waitFor(APPEARS);
    await alert.getByRole("button", { name: "Try again" }).click();
    await alert.getByText("The server could not be reached.").waitFor(APPEARS);
    await server.restart();
    await expect.poll(async () => (await figures(page))[0], RECOVERS).toBe("Visitors 4 up 300%, better from 1");
    await page.keyboard.press("f");
    await expectFigures(page, FIGURES);
    expect(ownComplaints(opened)).toEqual([]);
    await context.close();
  });
});
