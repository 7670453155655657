// The page Privacy: what is held of a user is downloaded, a user erased with a receipt, consent set, what is due shown, and a
// legal hold set and lifted.

import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 20_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ trustProxy: true }), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  for (const [index, userId] of ["user-17", "user-18"].entries()) {
    const event = { site: SITE, name: "pageview", url: "https://shop.example/", userId, consent: { analytics: true } };
    await api.send([event, event], { "x-forwarded-for": `203.0.113.${index + 1}` });
  }
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/privacy` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Privacy" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
const shows = (text: string | RegExp) => page.getByText(text).first().waitFor(APPEARS);
/** The panel with that heading. */
const panel = (title: string) =>
  page.locator(".panel").filter({ has: page.getByRole("heading", { name: title, exact: true }) });
const eventsOf = async (): Promise<unknown> =>
  (await api.query({ metrics: ["events"], date_range: "all" }, SITE)).results[0]?.metrics[0];

it("what is held of a user is downloaded, and that it was asked for is listed", async () => {
  await shows("Nobody has asked yet.");
  await page.getByLabel("User id").fill("user-17");
  const [download] = await Promise.all([page.waitForEvent("download"), press("Download")]);
  const held = readFileSync(await download.path(), "utf8");
  expect(held.match(/pageview/g)).toHaveLength(2);
  await shows("Downloaded");
  await shows(/^Access/);
});

it("a user is erased once that was confirmed, and the receipt says from where", async () => {
  await page.getByLabel("What is asked").selectOption("erasure");
  await page.getByLabel("User id").fill("user-17");
  await page.getByLabel("Names, one a line").fill("jane@example.com");
  const asked: string[] = [];
  page.once("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  await press("Erase for good");
  expect(asked).toEqual([expect.stringContaining("Erase everything of “user-17”")]);
  expect(await eventsOf()).toBe(4);
  expect(await page.getByText(/^Erasure/).count()).toBe(0);
  page.once("dialog", (dialog) => void dialog.accept());
  await press("Erase for good");
  await shows(/^Erasure .*done/);
  await page.getByText("Receipt").last().waitFor(APPEARS);
  const receipt = page.getByRole("listitem").filter({ hasText: "Erasure" });
  await receipt.getByText("Receipt").click();
  await receipt
    .getByText(/2 events/)
    .first()
    .waitFor(APPEARS);
  await receipt.getByText("nothing is archived").waitFor(APPEARS);
  await receipt.getByText("none was made").waitFor(APPEARS);
  expect(await eventsOf()).toBe(2);
  expect(await page.locator("body").innerText()).not.toContain("jane@example.com");
});

it("a setting of consent is kept", async () => {
  const consent = panel("Consent");
  await consent.getByLabel("Visitors").selectOption("ask");
  await consent.getByLabel("Until they answer").selectOption("nothing");
  await consent.getByRole("button", { name: "Save" }).click();
  await consent.getByText("Saved").waitFor(APPEARS);
  await page.reload();
  expect(await panel("Consent").getByLabel("Until they answer").inputValue()).toBe("nothing");
  expect((await api.site(SITE)).consent).toMatchObject({ mode: "ask", before: "nothing", regions: "default" });
});

it("what would go now is shown without going, and a legal hold is set, shown and lifted", async () => {
  const at = Date.now() - 100 * 86_400_000;
  const import_ = { id: "long-ago", label: "old.log" };
  await api.importLines(SITE, { ...import_, bots: "keep" }, [
    { line: 0, at, name: "pageview", url: "https://shop.example/old", visitor: "an old one" },
  ]);
  await api.finishImport(SITE, import_.id);
  // What is moved is sealed, and what is sealed may fall due.
  await api.raiseShards(SITE, 2);
  await expect.poll(async () => (await api.site(SITE)).nextShards, APPEARS).toBeNull();
  const rules = panel("How long data is kept");
  await rules.getByLabel("Imported events").fill("1");
  await rules.getByRole("button", { name: "Save" }).click();
  await rules.getByText("Saved").waitFor(APPEARS);
  await press("What would go now?");
  const due = page.getByRole("table", { name: "What would go now" });
  await due.getByRole("row", { name: /Imported events removed 1 1/ }).waitFor(APPEARS);
  expect(await eventsOf()).toBe(3);
  const hold = panel("Legal hold");
  await hold.getByLabel("Reason").fill("A case at court");
  await hold.getByRole("button", { name: "Hold everything" }).click();
  await shows(/requests for erasure wait: A case at court/);
  await press("What would go now?");
  await shows("Held: A case at court");
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByLabel("User id").fill("user-18");
  await page.getByLabel("What is asked").selectOption("erasure");
  await press("Erase for good");
  await shows(/legal hold: nothing is erased until it is lifted/);
  expect(await eventsOf()).toBe(3);
  await press("Lift the hold");
  await page.getByRole("button", { name: "Hold everything" }).waitFor(APPEARS);
  // The page that shows it helps it on.
  await expect.poll(() => page.getByText(/^Erasure .*done/).count(), APPEARS).toBe(2);
  expect(await eventsOf()).toBe(1);
});

it("fits a phone, names its parts, and complains of nothing", async () => {
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  expect(await namelessParts(page)).toEqual([]);
  expect(opened.complaints).toEqual([]);
});
