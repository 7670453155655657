// What the Overview says has changed, and where its sentences lead.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Insights } from "../../workers/api/insight-schemas.ts";
import type { Board } from "../../workers/domain/board.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { plantedVisits } from "../support/planted-visits.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "bakery.example";
const QUIET = "quiet.example";
const DAY_MS = 86_400_000;
const APPEARS = { timeout: 30_000 };
const BATCH = 2000;

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await Promise.all([api.createSite({ id: SITE }), api.createSite({ id: QUIET })]);
  const end = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const events = plantedVisits({
    ...{ seed: "bakery", end, days: 100, mean: 40 },
    behaviour: ({ country, device }, back) => {
      if (back > 27) return {};
      return country === "DE" && device === "Mobile" ? { volume: 0.1 } : { bounce: device === "Mobile" ? 0.8 : 0.5 };
    },
  });
  const lines = events.map(({ name, at, path, visitorId, country, device, source, channel }, line) => ({
    ...{ line, at, name, url: `https://${SITE}${path}`, visitor: visitorId, country, device, channel },
    ...(source && { source }),
  }));
  for (let from = 0; from < lines.length; from += BATCH) {
    const options = { id: "history", label: "history", visitors: "given", bots: "keep" };
    const body = { import: options, events: lines.slice(from, from + BATCH) };
    const reply = await api.request("POST", `/api/v1/sites/${SITE}/import`, { body });
    expect(reply.status).toBeLessThan(300);
  }
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}` });
  ({ page } = opened);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const sentences = () => page.getByRole("region", { name: "What changed" }).getByRole("link");

it("names the cause of a fall first, and leads to the view behind it", async () => {
  const first = sentences().first();
  await first.waitFor(APPEARS);
  expect(await first.textContent()).toMatch(
    /^Worse: Visitors fell \d+% to [\d,]+, from [\d,]+\. \d+% of the fall is country Germany, device Mobile: /,
  );
  expect(await sentences().count()).toBeLessThanOrEqual(7);
  expect(await namelessParts(page)).toEqual([]);
  await first.click();
  await page.getByRole("button", { name: "Remove filter Device Mobile" }).waitFor(APPEARS);
  expect(new URL(page.url()).searchParams.getAll("f")).toEqual(["is,visit:country,DE", "is,visit:device,Mobile"]);
});

it("is a panel of a board too, within the board's filters, with the sentences that the API tells", async () => {
  await page.goto(`${server.url}/sites/${SITE}/boards`);
  await page.getByRole("button", { name: "New board", exact: true }).click();
  await page.getByLabel("Name").fill("What happens");
  await page.getByRole("button", { name: "Make board", exact: true }).click();
  await page.getByRole("button", { name: "Insights", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "New panel" });
  expect(await dialog.getByLabel("Chart").count()).toBe(0);
  await dialog.getByRole("button", { name: "Keep", exact: true }).click();
  await page.getByRole("button", { name: "Save board", exact: true }).click();
  await page.getByRole("button", { name: "More of this board" }).waitFor(APPEARS);
  await page.goto(`${page.url().split("?")[0]}?period=28d`);
  await sentences().first().waitFor(APPEARS);
  const asked = async (filters?: unknown[]) => {
    const query = filters ? `&filters=${encodeURIComponent(JSON.stringify(filters))}` : "";
    const { body } = await api.request<Insights>("GET", `/api/v1/sites/${SITE}/insights?date_range=28d${query}`);
    return body;
  };
  const told = () => sentences().locator("> span:last-child").allInnerTexts();
  const bare = (texts: readonly string[]) => texts.map((text) => text.replace(/^(Better|Worse):\s*/, ""));
  expect(bare(await told())).toEqual((await asked()).insights.map(({ text }) => text));
  const id = new URL(page.url()).pathname.split("/").at(-1);
  const path = `/api/v1/sites/${SITE}/boards/${id}`;
  const {
    id: _,
    siteId,
    version,
    createdBy,
    createdAt,
    updatedAt,
    layout,
    ...fields
  } = (await api.request<Board>("GET", path)).body;
  expect(fields.panels).toMatchObject([{ chart: "insights", question: null, grid: { w: 12 } }]);
  const germany = ["is", "visit:country", ["DE"]];
  const headers = { "if-match": `"${version}"` };
  expect((await api.request("PUT", path, { headers, body: { ...fields, filters: [germany] } })).status).toBe(200);
  await page.reload();
  await sentences().first().waitFor(APPEARS);
  const within = (await asked([germany])).insights.map(({ text }) => text);
  expect(within).not.toEqual((await asked()).insights.map(({ text }) => text));
  expect(bare(await told())).toEqual(within);
  expect([siteId, createdBy !== null, createdAt <= updatedAt, layout]).toEqual([SITE, true, true, {}]);
});

it("fits a phone", async () => {
  await page.setViewportSize(PHONE);
  await page.goto(`${server.url}/sites/${SITE}`);
  await sentences().first().waitFor(APPEARS);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
});

it("is a quiet line where too little is known, and nothing where there is no comparison", async () => {
  await page.goto(`${server.url}/sites/${QUIET}`);
  await page.getByText(/^Insights begin with 14 days of history/).waitFor(APPEARS);
  expect(await sentences().count()).toBe(0);
  await page.goto(`${server.url}/sites/${SITE}?compare=none`);
  await page.getByRole("heading", { name: "Visitors", exact: true }).waitFor(APPEARS);
  expect(await page.locator(".insights-note").count()).toBe(0);
  expect(opened.complaints).toEqual([]);
});
