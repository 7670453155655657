// The page of the tracking plan: an event planned by the form, a bad one kept back, the plan mended, the event taken.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrackingPlan } from "../../workers/domain/tracking-plan.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/tracking-plan` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Tracking plan" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const press = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" }).click();
const shows = (text: string | RegExp) => page.getByText(text).first().waitFor(APPEARS);
const dialog = () => page.getByRole("dialog");

async function send(props: Record<string, unknown>) {
  const body = { site: SITE, name: "order_completed", url: "https://shop.example/buy", props };
  const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0" };
  return (await api.request<Record<string, number>>("POST", "/api/event", { body, headers })).body;
}

it("an event is planned by the form, and a complaint of the API stands at its field", async () => {
  await press("New event");
  await dialog().getByLabel("Name").fill("order_completed");
  await dialog().getByLabel("Section").fill("Checkout");
  await dialog().getByLabel("When it does not fit").selectOption("enforce");
  await dialog().getByRole("button", { name: "Property" }).click();
  const property = dialog().getByRole("group", { name: "Property 1" });
  await property.getByLabel("Name").fill("total");
  const total = dialog().getByRole("group", { name: "total" });
  await total.getByLabel("Type").selectOption("number");
  await total.getByLabel("At least").fill("5");
  await total.getByLabel("At most").fill("1");
  await total.getByText("Required").click();
  await dialog().getByRole("button", { name: "Save as a new version" }).click();
  await total.getByText("max must not be below min").waitFor(APPEARS);
  await total.getByLabel("At most").fill("100");
  await dialog().getByRole("button", { name: "Save as a new version" }).click();
  await shows("number, ≥ 5, ≤ 100, required");
  await shows("version 1");
});

it("an event that does not fit is shown with why, and taken once the plan is mended", async () => {
  expect(await send({ total: 500 })).toMatchObject({ accepted: 0, quarantined: 1 });
  await page.reload();
  await shows("the number is out of range");
  await shows("1 in all. They are not counted");
  await press("Replay what fits by now");
  await shows("0 taken, 1 still refused by the plan.");
  await press("Edit order_completed");
  await dialog().getByLabel("At most").fill("1000");
  await dialog().getByRole("button", { name: "Save as a new version" }).click();
  await shows("version 2");
  await press("Replay what fits by now");
  await shows("1 taken.");
  await shows("Nothing is kept back");
  const { body } = await api.request<{ results: { metrics: number[] }[] }>("POST", "/api/v2/query", {
    body: { site_id: SITE, metrics: ["events"], date_range: "all" },
  });
  expect(body.results[0]?.metrics).toEqual([1]);
  await press("Version 2");
  await shows("max loosened: 100 → 1000");
});

it("a file comes in and goes out, packs and what was seen are added, names are looked at", async () => {
  const yaml = "naming: object_action\nevents:\n  clickButton: {}\n  order_completed: { section: Checkout }\n";
  await page.locator("input[type=file]").setInputFiles({
    name: "plan.yaml",
    mimeType: "application/yaml",
    buffer: Buffer.from(yaml),
  });
  await shows("version 3");
  await shows("write it in snake_case: click_button");
  await press("Add a pack");
  await dialog().getByLabel("Pack").selectOption("Marketplace");
  await dialog().getByText("is planned already and stays as it is").waitFor(APPEARS);
  await dialog().getByText("order_refunded").click();
  await dialog()
    .getByRole("button", { name: /^Add \d+ events$/ })
    .click();
  await shows("version 4");
  await shows("listing_viewed");
  expect(await page.getByText("order_refunded").count()).toBe(0);
  const { body } = await api.request<{ plan: TrackingPlan }>("GET", `/api/v1/sites/${SITE}/tracking-plan`);
  expect(body.plan.events.order_completed).toEqual({ section: "Checkout" });
  const download = page.waitForEvent("download");
  await press("Save as a file");
  expect((await download).suggestedFilename()).toBe("shop-example-tracking-plan-4.yaml");
  const bad = { name: "bad.yaml", mimeType: "application/yaml", buffer: Buffer.from("events: { a: { mode: never } }") };
  await page.locator("input[type=file]").setInputFiles(bad);
  await shows(/events\.a\.mode: /);
});

it("objects and lists of them are planned level by level, by keyboard, and a complaint stands at its own field", async () => {
  const key = async (name: string, pressed: string) => {
    await dialog().getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press(pressed);
  };
  const group = (name: string) => dialog().getByRole("group", { name, exact: true });
  /** Each new property has the focus at once. */
  const add = async (button: string, name: string) => {
    await key(button, "Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
    await page.keyboard.type(name);
  };
  await press("New event");
  await dialog().getByLabel("Name").fill("cart_viewed");
  await add("Property", "items");
  await group("items").getByLabel("Type").selectOption("array<object>");
  await add("Property of items[]", "sku");
  await group("items[].sku").getByLabel("Pattern").fill("[A-Z]{2}-[0-9]+");
  await group("items[].sku").getByRole("checkbox", { name: "Required" }).focus();
  await page.keyboard.press("Space");
  await add("Property of items[]", "price");
  await group("items[].price").getByLabel("Type").first().selectOption("object");
  await add("Property of items[].price", "amount");
  const amount = group("items[].price.amount");
  await amount.getByLabel("Type").selectOption("number");
  await amount.getByLabel("At least").fill("5");
  await amount.getByLabel("At most").fill("1");
  await add("Property of items[].price", "amount");
  await key("Save as a new version", "Enter");
  await dialog().getByText("another property has this name").first().waitFor(APPEARS);
  const currency = group("items[].price.amount").nth(1);
  await currency.getByLabel("Allowed values").fill("EUR\nUSD, cash");
  await currency.getByLabel("Name").fill("currency");
  await key("Save as a new version", "Enter");
  await amount.getByText("max must not be below min").waitFor(APPEARS);
  expect(await dialog().getByRole("alert").count()).toBe(1);
  await amount.getByLabel("At most").fill("100");
  await add("Property of items[]", "gone");
  await key("Remove property items[].gone", "Enter");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Property of items[]");
  await page.setViewportSize(PHONE);
  expect(await dialog().evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  expect(await namelessParts(page)).toEqual([]);
  await key("Save as a new version", "Enter");
  await shows("items[].price.currency");
  const { body } = await api.request<{ plan: TrackingPlan }>("GET", `/api/v1/sites/${SITE}/tracking-plan`);
  expect(body.plan.events.cart_viewed).toEqual({
    properties: {
      items: {
        type: "array<object>",
        properties: {
          sku: { type: "string", required: true, pattern: "[A-Z]{2}-[0-9]+" },
          price: {
            type: "object",
            properties: {
              amount: { type: "number", min: 5, max: 100 },
              currency: { type: "string", values: ["EUR", "USD, cash"] },
            },
          },
        },
      },
    },
  });
});

it("an event is not put in the place of another, and one that is only opened and saved stays as it is", async () => {
  await press("New event");
  await dialog().getByLabel("Name").fill("cart_viewed");
  await dialog().getByRole("button", { name: "Save as a new version" }).click();
  await dialog().getByText("the plan has such an event").waitFor(APPEARS);
  await page.keyboard.press("Escape");
  const path = `/api/v1/sites/${SITE}/tracking-plan`;
  const before = (await api.request<{ plan: TrackingPlan }>("GET", path)).body;
  await press("Edit cart_viewed");
  await dialog().getByRole("button", { name: "Save as a new version" }).click();
  await dialog().waitFor({ state: "detached", ...APPEARS });
  expect((await api.request<{ plan: TrackingPlan }>("GET", path)).body.plan).toEqual(before.plan);
});

it("has a name for every control, fits a phone and complains of nothing", async () => {
  expect(await namelessParts(page)).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBeLessThanOrEqual(0);
  // The one refusal is the bad file's, which the browser logs by itself.
  expect(opened.complaints.filter((complaint) => !complaint.includes("400"))).toEqual([]);
});
