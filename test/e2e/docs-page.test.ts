// The API's reference in a real Chromium: all operations of the document, found and opened by the keyboard alone.

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const APPEARS = { timeout: 10_000 };
const METHODS = new Set(["get", "post", "put", "patch", "delete"]);

let server: TestServer;
let browser: Browser;
let operations: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  const response = await fetch(`${server.url}/api/v1/openapi.json`);
  const { paths }: { paths: Record<string, Record<string, unknown>> } = await response.json();
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => METHODS.has(method))
      .map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

it("is reached from the help, signed in or not, and leads back", async () => {
  const { page, context } = await openDashboard(browser, server.url, { token: server.adminToken });
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click(APPEARS);
  await page.getByRole("link", { name: "The API, operation by operation" }).click();
  await page.getByRole("heading", { name: "The Edgewise API" }).waitFor(APPEARS);
  await page.getByRole("link", { name: "Edgewise, all sites" }).click();
  await page.getByRole("heading", { name: "Sites", exact: true }).waitFor(APPEARS);
  await context.close();
  const stranger = await openDashboard(browser, server.url, { path: "/docs" });
  await stranger.page.getByRole("link", { name: "The document itself" }).click(APPEARS);
  await expect.poll(() => new URL(stranger.page.url()).pathname, APPEARS).toBe("/api/v1/openapi.json");
  expect(await stranger.page.locator("body").textContent()).toContain('"openapi"');
  await stranger.context.close();
});

it.each(["light", "dark"] as const)(
  "lists every operation, finds one and opens it by keys, in %s colours, without a breach of the policy",
  async (colorScheme) => {
    const { page, context, complaints } = await openDashboard(browser, server.url, { path: "/docs", colorScheme });
    await page.getByRole("searchbox", { name: "Search the operations" }).waitFor(APPEARS);
    const shown = await page.locator("main > section details > summary").allInnerTexts();
    const listed = shown.flatMap((text) => /^(GET|POST|PUT|PATCH|DELETE)\s+(\S+)/.exec(text)?.slice(1).join(" ") ?? []);
    expect(listed.toSorted()).toEqual(operations.toSorted());

    await page.keyboard.press("/");
    await page.keyboard.type("no such door");
    await page.getByText("Nothing is called that").waitFor(APPEARS);
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("import finish");
    await page.getByText("1 operation", { exact: true }).waitFor(APPEARS);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Needs: import").waitFor(APPEARS);
    expect(await page.locator("details[open] summary").innerText()).toContain("/finish");

    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const brightness = /\d+/.exec(background)?.[0];
    expect(Number(brightness) > 128).toBe(colorScheme === "light");
    expect(await namelessParts(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await overhang(page)).toBe(0);
    // Of asking who is signed in.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    await context.close();
  },
);
