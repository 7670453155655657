// The page System in a real browser: the figures of what was sent and asked, and a binding that is lacking.

import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 15_000 };
const BROKEN = fileURLToPath(new URL("../support/serve-broken.ts", import.meta.url));

interface Health {
  status: string;
  reasons: { probe: string; reason: string }[];
}

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

const health = async (): Promise<Health> => (await api.request<Health>("GET", "/health")).body;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0" };
  const events = Array.from({ length: 12 }, (_, i) => ({ site: SITE, name: "pageview", url: `https://${SITE}/${i}` }));
  await api.request("POST", "/api/event", { body: { events }, headers });
  opened = await openDashboard(browser, server.url, { token: server.adminToken });
  ({ page } = opened);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const panel = (name: string) => page.getByRole("region", { name, exact: true });
const fact = (of: string, name: string) =>
  panel(of)
    .locator("div", { has: page.getByText(name, { exact: true }) })
    .last();

it("is reached from every page, and tells what came in and was asked", async () => {
  await page.getByRole("link", { name: "System", exact: true }).click();
  await page.getByText("All is well").waitFor(APPEARS);
  await expect.poll(() => fact("Ingest", "Events").textContent(), APPEARS).toBe("Events12");
  expect(await fact("Error budget", "Left").textContent()).toBe("Left100%");
  const route = panel("API").getByRole("row", { name: /^POST \/api\/event/ });
  const [times = "", ...others] = await route.getByRole("cell").allTextContents();
  // Ours, and two of each synthetic visit.
  expect(Number(times) % 2).toBe(1);
  expect(others.slice(0, 2)).toEqual(["0", "0"]);
  await panel("API").getByRole("button", { name: "D1" }).click();
  await panel("API")
    .getByRole("row", { name: /^select sites/ })
    .waitFor(APPEARS);
  await panel("Storage").getByRole("row", { name: SITE }).waitFor(APPEARS);
  await panel("Cost").getByText("Rows written to D1").waitFor(APPEARS);
  await panel("Health")
    .getByText(/^\d+ jobs of the clock$/)
    .click();
  await panel("Health")
    .getByRole("row", { name: /^watchSystem.*done$/ })
    .waitFor(APPEARS);
  expect(await namelessParts(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBe(0);
  expect(opened.complaints).toEqual([]);
});

it("names a binding that is lacking, opens an incident, and closes it when it is back", async () => {
  expect((await health()).status).toBe("ok");
  await server.restart({ script: BROKEN });
  expect(await health()).toMatchObject({ status: "not ready", reasons: [{ probe: "bindings" }] });
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);
  expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
  await page.goto(`${server.url}/system`);
  await page.getByText("Something it needs is lacking").waitFor(APPEARS);
  await panel("Health")
    .getByText(/lacks its binding LIVE_SITE; deploy it with/)
    .waitFor(APPEARS);
  await panel("Incidents").getByRole("listitem").filter({ hasText: "Open" }).getByText("Bindings").waitFor(APPEARS);
  await server.restart({ script: fileURLToPath(new URL("../../workers/local/start.ts", import.meta.url)) });
  await vi.waitFor(async () => expect((await health()).status).toBe("ok"), APPEARS);
  await page.reload();
  await panel("Incidents").getByRole("listitem").filter({ hasText: "Over" }).getByText("Bindings").waitFor(APPEARS);
});

it("keeps its measures when workerd is killed, but for the last minute", async () => {
  await page.getByText("All is well").waitFor(APPEARS);
  await server.kill("workerd");
  await server.answers();
  await page.reload();
  await expect.poll(() => fact("Ingest", "Events").textContent(), APPEARS).toBe("Events12");
});
