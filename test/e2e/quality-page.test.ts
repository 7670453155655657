// The page of data quality: a rule made by the form that its schema gives, tried on events that came, changed and removed.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
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
  for (const plan of ["free", "pro", "gold"]) {
    const body = { site: SITE, name: "signup", url: "https://shop.example/", props: { plan } };
    const headers = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0" };
    await api.request("POST", "/api/event", { body, headers });
  }
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/quality` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Data quality" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const dialog = () => page.getByRole("dialog");
const press = (name: string) => dialog().getByRole("button", { name }).click();
const shows = (text: string) => page.getByText(text).first().waitFor(APPEARS);

it("says what will be there before anything was judged", async () => {
  await shows("No day was judged yet");
  await shows("Nothing is wrong that the checks can tell");
  await shows("No rules yet");
});

it("a rule is made by the form, and a complaint of the API stands at its field", async () => {
  await page.getByRole("button", { name: "New rule" }).click();
  await dialog().getByLabel("Name of the rule").fill("plans are known");
  await dialog().getByLabel("Event", { exact: true }).fill("signup");
  await dialog().getByLabel("A field").selectOption("is one of some values");
  await dialog().getByLabel("Field", { exact: true }).fill("props..plan");
  await dialog().getByRole("textbox", { name: "Values" }).fill("free\npro\n");
  await press("Make rule");
  await dialog().getByText("use a field such as path").waitFor(APPEARS);
  await dialog().getByLabel("Field", { exact: true }).fill("props.plan");
  await press("Try it");
  await dialog().getByText("1 of 3 signup (33 %) break it").waitFor(APPEARS);
  expect(await namelessParts(page)).toEqual([]);
  await press("Make rule");
  await shows("is looked at with the next day");
  const { body } = await api.request<{ rules: object[] }>("GET", `/api/v1/sites/${SITE}/quality-rules`);
  expect(body.rules).toMatchObject([
    { event: "signup", tolerated: 0, condition: { kind: "one_of", field: "props.plan", values: ["free", "pro"] } },
  ]);
});

it("it is changed and removed, and the page fits a phone", async () => {
  await page.setViewportSize(PHONE);
  await page.getByRole("button", { name: "Change plans are known" }).click();
  await dialog().getByRole("textbox", { name: "Values" }).fill("free\npro\ngold");
  await press("Try it");
  await dialog().getByText("0 of 3 signup (0.0 %) break it").waitFor(APPEARS);
  await press("Save");
  await dialog().waitFor({ state: "detached", ...APPEARS });
  expect(await overhang(page)).toBe(0);
  page.once("dialog", (question) => void question.accept());
  await page.getByRole("button", { name: "Remove plans are known" }).click();
  await shows("No rules yet");
  expect(opened.complaints.filter((text) => !text.includes("400"))).toEqual([]);
});
