// The pages that analyse, in a real Chromium: what is built by clicking shows the figures of a known traffic, the same as
// the API answers, and stands in the address for others.

import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { QueryResult } from "../../workers/domain/query.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import {
  buttonNames,
  DESKTOP,
  type OpenDashboard,
  openDashboard,
  PHONE,
  settled,
} from "../support/dashboard-browser.ts";
import { importKnownFeatures, importKnownTraffic } from "../support/known-traffic.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "known.example";
const FEATURED = "featured.example";
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE, shards: 2 });
  await api.createSite({ id: FEATURED });
  await api.createGoal(SITE, { kind: "event", match: "signup" });
  await importKnownTraffic(api, SITE);
  await importKnownFeatures(api, FEATURED);
  opened = await openDashboard(browser, server.url, { token: server.adminToken });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});
afterEach(() => expect(opened.complaints).toEqual([]));

async function open(path: string, site = SITE): Promise<void> {
  await page.goto(`${server.url}/sites/${site}/${path}`);
  await settled(page);
}
const panel = (name: string, of = page): Locator => of.getByRole("region", { name, exact: true });
const press = (name: string, inside: Page | Locator = page) =>
  inside.getByRole("button", { name, exact: true }).click();
const expectText = (part: Locator, text: string | RegExp) =>
  expect.poll(async () => (await part.innerText()).replaceAll(/\s+/g, " "), APPEARS).toMatch(text);
const expectRows = (name: string, rows: readonly string[], of = page) =>
  expect.poll(() => buttonNames(panel(name, of).getByRole("list")), APPEARS).toEqual(rows);

/** A menu's sheet is beside its button. */
async function choose(menu: string, entry: string | RegExp): Promise<void> {
  const button = page.getByRole("button", { name: menu, exact: true });
  await button.click();
  await button.locator("..").getByRole("button", { name: entry }).first().click();
}

/** The cells of a table, a line a row, without its head. */
async function cells(inside: Locator): Promise<string[][]> {
  const lines = await inside.getByRole("row").allInnerTexts();
  return lines.slice(1).map((line) => line.split("\t").map((cell) => cell.trim()));
}

/** What the panel's own question is answered, asked as a program would. */
async function askedAgain<Reply = QueryResult>(title: string): Promise<Reply> {
  await choose(`Options of ${title}`, "Ask it from a program");
  const dialog = page.getByRole("dialog", { name: "Ask it from a program" });
  await dialog.waitFor(APPEARS);
  const [line = "", json = ""] = await dialog.locator("code").allInnerTexts();
  expect(line).toContain(`${server.url}/api/v2/query`);
  expect(line).toContain(JSON.stringify(JSON.parse(json)));
  await page.keyboard.press("Escape");
  const { status, body } = await api.request<Reply>("POST", "/api/v2/query", { body: json });
  expect(status).toBe(200);
  return body;
}

describe("explore", () => {
  it("is pointed together, drawn otherwise, undone, and the same for whoever has its address", async () => {
    await open("explore");
    await choose("Metric", "Visits");
    await press("Remove Visitors");
    await choose("Metric", "Bounce rate");
    await press("Remove Time");
    await choose("Dimension", "Country");
    const title = "Visits, Bounce rate by country";
    const countries = ["Germany 4 50%", "France 1 100%", "United States 1 100%"];
    await expectRows(title, countries);
    await expect
      .poll(() => cells(panel("Numbers")), APPEARS)
      .toEqual([
        ["Germany", "4", "0", "–", "50%", "–", "–"],
        ["France", "1", "1", "0", "100%", "100%", "0"],
        ["United States", "1", "1", "0", "100%", "100%", "0"],
      ]);

    await choose(`Options of ${title}`, "Pie");
    await expectText(panel(title), /Germany 4 67% France 1 17%/);
    expect(new URL(page.url()).searchParams.get("chart")).toBe("pie");
    const { pathname, search } = new URL(page.url());
    const storageState = await opened.context.storageState();
    const other = await openDashboard(browser, server.url, { storageState, path: pathname + search });
    await expectText(panel(title, other.page), /Germany 4 67% France 1 17%/);
    await other.context.close();

    await press("Undo");
    await expectRows(title, countries);
    const { results } = await askedAgain(title);
    expect(results.map(({ dimensions, metrics }) => [...dimensions, ...metrics])).toEqual([
      ["DE", 4, 50],
      ["FR", 1, 100],
      ["US", 1, 100],
    ]);
    await page.keyboard.press("z");
    await expectText(panel("Visits, Bounce rate"), /Visits 6 .*Bounce rate 67%/);
  });

  it("says by what a metric can be told that cannot by time, and shows it so", async () => {
    await open("explore?show=time_on_page");
    await press("Show it by page");
    await panel("Time on page by page").waitFor(APPEARS);
    await settled(page);
    expect(new URL(page.url()).searchParams.get("by")).toBe("event:page");
    expect(await page.getByText(/does not fit|Show it by page/).count()).toBe(0);
  });

  it("is filtered by a click on what it shows", async () => {
    await open("explore?by=event:page");
    await press("/pricing 2", panel("Visitors by page"));
    await expectRows("Visitors by page", ["/pricing 2"]);
    await page.getByRole("list", { name: "Filters" }).getByText("/pricing").waitFor(APPEARS);
  });
});

describe("funnels", () => {
  it("are built from what was seen, by visitors, by visits, and by country", async () => {
    await open("funnels");
    await choose("First step", /^\/ 4$/);
    await choose("Next step", /^\/pricing/);
    await choose("Next step", /^signup/);
    await expectText(panel("Funnel"), /25% of 4 went all the way: 1 1\/ 4 100% .*2\/pricing 1 25% .*3signup 1 25%/);
    const { results } = await askedAgain<{ results: { steps: { count: number }[] } }>("Funnel");
    expect(results.steps.map(({ count }) => count)).toEqual([4, 1, 1]);

    await choose("Break down", "Country");
    await expectText(panel("Funnel"), /Germany 33% France 0%/);
    await press("No breakdown");
    await page.getByLabel("Count").selectOption({ label: "Visits" });
    await expectText(panel("Funnel"), /^Funnel .*20% of 5 went all the way: 1/);
    await press("Remove step 3");
    await press("Move step 2 up");
    await expectText(panel("Funnel"), /^Funnel .*50% of 2 went all the way: 1 1\/pricing 2/);
  });

  it("keep to the time that they are given", async () => {
    await open("funnels?steps=page:/|page:/");
    await expectText(panel("Funnel"), /25% of 4 went all the way: 1/);
    await page.getByLabel("Within").selectOption({ label: "one visit" });
    await expectText(panel("Funnel"), /0% of 4 went all the way: 0/);
    await page.getByLabel("Within").selectOption({ label: "a week" });
    await expectText(panel("Funnel"), /25% of 4 went all the way: 1/);
  });
});

describe("paths", () => {
  const nodes = () => buttonNames(page.locator(".sankey"));

  it("flow from the start of a visit, and from a page that is clicked", async () => {
    await open("paths");
    await expect
      .poll(nodes, APPEARS)
      .toEqual([
        "/ 4 visits at step 1, 3 (75%) go no further",
        expect.stringMatching(/^\/blog\/.*….*called 1 visit at step 1, 1 \(100%\) go no further, in full \/blog/),
        "/pricing 1 visit at step 1",
        "/ 1 visit at step 2, 1 (100%) go no further",
        "/pricing 1 visit at step 2",
        "/signup 1 visit at step 3, 1 (100%) go no further",
      ]);
    await page.getByRole("button", { name: "/pricing 1 visit at step 1" }).click();
    await panel("Paths from /pricing").waitFor(APPEARS);
    const after = [
      "/pricing 2 visits at step 1",
      "/ 1 visit at step 2, 1 (100%) go no further",
      "/signup 1 visit at step 2, 1 (100%) go no further",
    ];
    await expect.poll(nodes, APPEARS).toEqual(after);
    const { results } = await askedAgain<{ results: { nodes: { value: string; sessions: number }[] } }>(
      "Paths from /pricing",
    );
    expect(results.nodes.map(({ value, sessions }) => `${value} ${sessions}`)).toEqual([
      "/pricing 2",
      "/ 1",
      "/signup 1",
    ]);

    await page.getByLabel("Show").selectOption({ label: "Leading to" });
    await panel("Paths to /pricing").waitFor(APPEARS);
    await page.reload();
    await panel("Paths to /pricing").waitFor(APPEARS);
  });
});

describe("retention", () => {
  it("says how many of each day's newcomers were back, and when", async () => {
    await open("retention?each=day");
    const grid = panel("Retention");
    await expect.poll(async () => (await cells(grid)).length, APPEARS).toBe(5);
    const [all = [], ...cohorts] = await cells(grid);
    expect(all.slice(0, 5)).toEqual(["All cohorts", "5", "100%", "0%", "25%"]);
    expect(cohorts.map(([, people, ...shares]) => [people, shares.filter((share) => share !== "")])).toEqual([
      ["1", ["100%", ...Array(10).fill("0%")]],
      ["1", ["100%", "0%", "100%", "0%"]],
      ["2", ["100%", "0%", "0%"]],
      ["1", ["100%", "0%"]],
    ]);
    const { results } = await askedAgain<{ results: { overall: { returned: number; of: number }[] } }>("Retention");
    expect(results.overall[2]).toMatchObject({ returned: 1, of: 4 });

    await page.getByLabel("Back").selectOption({ label: "in it or later" });
    await expect
      .poll(async () => (await cells(grid))[0]?.slice(0, 5), APPEARS)
      .toEqual(["All cohorts", "5", "100%", "20%", "25%"]);
  });
});

describe("features", () => {
  it("are told by who used them, and whether they were used again", async () => {
    await open("features", FEATURED);
    await expectRows("Features", ["share 2 2", "export 1 2"]);
    await press("export 1 2");
    await expectText(panel("export"), /Used by 1 visitors Adoption 33% of all visitors Stickiness 50%/);
    await expectText(
      panel("From seeing to keeping"),
      /50% of 2 went all the way: 1 1Viewed 2 100% .*2Used 1 50% .*3Used again 1 50%/,
    );
    const { results } = await askedAgain<{ results: { steps: { count: number }[] } }>("From seeing to keeping");
    expect(results.steps.map(({ count }) => count)).toEqual([2, 1, 1]);
    await page.reload();
    await expectText(panel("export"), /Used by 1/);
  });
});

describe("sessions", () => {
  it("show how visits go, begin and end", async () => {
    await open("sessions");
    await expectText(panel("Visits"), /Visits 6 .*Views per visit 1.5 .*Bounce rate 67% .*Visit duration 1m 20s/);
    await expectRows("Where visits begin", [
      "/ 4 75% 1m 30s",
      expect.stringMatching(/^\/blog\/.* 1 100% 0s$/),
      "/pricing 1 0% 2m 00s",
    ] as string[]); // a matcher stands for the text
    await expectRows("On which devices", ["Desktop 4 75% 1m 30s", "Mobile 2 50% 1m 00s"]);
    const { results } = await askedAgain("Visits");
    expect(results[0]?.metrics).toEqual([6, 1.5, expect.closeTo(66.67, 1), 80]);
    await press("Mobile 2 50% 1m 00s");
    await expectText(panel("Visits"), /Visits 2 /);
  });
});

describe("the executive view", () => {
  it("takes a KPI by its form and says how it stands", async () => {
    await open("executive");
    await press("New KPI");
    const form = page.getByRole("dialog", { name: "New KPI" });
    await choose("Metric", "Visitors");
    await form.getByLabel("Target").fill("1");
    await form.getByLabel("Each").selectOption("day");
    await form.getByLabel("Owner").fill("Ann");
    await form.getByLabel("Business goal").fill("Grow");
    await press("Make KPI", form);
    // Nobody came today; two did yesterday.
    await expectText(panel("Visitors"), /0 of 1 Off target today so far · yesterday 2 Grow · Ann/);
    const { kpis } = (
      await api.request<{ kpis: { now: object; before: object }[] }>("GET", `/api/v1/sites/${SITE}/kpis`)
    ).body;
    expect(kpis).toMatchObject([{ now: { value: 0, target: 1, status: "missed" }, before: { value: 2 } }]);
    await expectText(panel("From business goals to events"), /Grow Visitors Off target Ann Visitors/);
    await expectText(panel("Goals"), /signup 1 20%/);
  });

  it("is one screen of a phone: the KPIs, and below them the part that is chosen", async () => {
    await page.setViewportSize(PHONE);
    await open("executive");
    await panel("Growth").waitFor(APPEARS);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollHeight), APPEARS)
      .toBeLessThanOrEqual(PHONE.height);
    await press("Goals");
    await expectText(panel("Goals"), /signup 1 20%/);
    expect(await panel("Growth").count()).toBe(0);
    expect(new URL(page.url()).searchParams.get("part")).toBe("Goals");
    await page.setViewportSize(DESKTOP);
    await panel("Growth").waitFor(APPEARS);
  });

  it("opens the page behind a figure with the same period, filters and metric", async () => {
    await open("executive?period=7d&f=is,event:page,/pricing");
    await panel("Revenue").getByRole("link", { name: "Open" }).click();
    await panel("Revenue by time").waitFor(APPEARS);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get("period"), searchParams.get("f")]).toEqual(["7d", "is,event:page,/pricing"]);
  });

  it("takes a HEART sheet and values its lines", async () => {
    await open("executive");
    await press("New HEART sheet");
    const form = page.getByRole("dialog", { name: "New HEART sheet" });
    await form.getByLabel("Name").fill("Shop");
    await form.getByLabel("Adoption: goal").fill("People come");
    await form.getByLabel("Adoption: signal").fill("Visitors");
    await form.getByLabel("Adoption: target").fill("4");
    await form.getByLabel("Retention: goal").fill("They come back");
    await form.getByLabel("Retention: target").fill("100");
    await press("Make sheet", form);
    await expect
      .poll(() => cells(panel("HEART: Shop")), APPEARS)
      .toEqual([
        ["Adoption", "People come", "Visitors", "Visitors", "5 of 4", "2", "On target"],
        ["Retention", "They come back", "", "Visits", "6 of 100", "2", "Off target"],
      ]);
  });
});
