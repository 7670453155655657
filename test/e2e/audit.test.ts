// The audit trail as people meet it: a change is on its page with what it changed; a row that was edited in the database's
// own file is named; and what was acknowledged is in it after a kill.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const open = () => openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/audit` });
async function ok<Body = unknown>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await api.request<Body>(method, path, { ...(body !== undefined && { body }) });
  expect([path, answer.status < 300]).toEqual([path, true]);
  return answer.body;
}
const rename = (name: string) => ok("PATCH", `/api/v1/sites/${SITE}`, { name });

/** The database's file, which holds the trail. */
function openDatabase(): DatabaseSync {
  const files = readdirSync(server.dataDir, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".sqlite"),
  );
  for (const file of files) {
    const database = new DatabaseSync(join(server.dataDir, file));
    if (database.prepare("select 1 from sqlite_master where name = 'audit'").get()) return database;
    database.close();
  }
  throw new Error("no file holds the audit trail");
}

describe("the audit trail", () => {
  it("shows a change with what was before and after, finds it, and says that it is whole", async () => {
    await rename("The shop");
    await ok("POST", `/api/v1/sites/${SITE}/goals`, { kind: "event", match: "signup" });
    const { page, context, complaints } = await open();
    const acts = page.locator(".acts > li");
    await expect.poll(() => acts.count(), APPEARS).toBe(3);
    await page.getByLabel("Search").fill("the SHOP");
    await page.getByRole("button", { name: "Search" }).click();
    await expect.poll(() => acts.count(), APPEARS).toBe(1);
    await acts.first().locator("summary").click();
    await page.locator(".act-changes ins", { hasText: "The shop" }).waitFor(APPEARS);
    await page.locator(".act-changes del", { hasText: SITE }).waitFor(APPEARS);
    await page.getByRole("button", { name: "Verify now" }).click();
    await page.getByText(/acts verified just now: none was changed/).waitFor(APPEARS);
    await page.setViewportSize(PHONE);
    expect(await overhang(page)).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/audit trail\.csv$/);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("holds what was acknowledged before a kill, and nothing twice", async () => {
    const names = Array.from({ length: 10 }, (_, i) => `Name ${i}`);
    for (const name of names) await rename(name);
    await server.kill("both");
    await server.restart();
    const { acts } = await ok<{ acts: { after: { name?: string } | null }[] }>(
      "GET",
      `/api/v1/sites/${SITE}/audit?action=PATCH%20/api/v1/sites/:id&limit=10`,
    );
    expect(acts.map(({ after }) => after?.name)).toEqual(names.toReversed());
    expect(await ok("GET", "/api/v1/teams/main/audit/verify")).toMatchObject({ next: null, faults: [] });
  });

  it("names the row that somebody edited in the database's file, and the end that they cut off", async () => {
    await server.stop();
    const database = openDatabase();
    database.exec("drop trigger audit_unchanged; drop trigger audit_unremoved");
    const { last } = database.prepare("select max(seq) as last from audit").get() as { last: number }; // one row
    database.prepare("update audit set actor = 'person somebody-else' where seq = 2").run();
    database.prepare("delete from audit where seq = ?").run(last);
    database.close();
    await server.restart();
    const { page, context } = await open();
    await page.getByRole("button", { name: "Verify now" }).click();
    await page.getByText("Changed: 2").waitFor(APPEARS);
    await page.getByText(new RegExp(`Missing: ${last}`)).waitFor(APPEARS);
    await context.close();
  });
});
