// The pages of reports in a real Chromium: one composed with its preview, saved, moved about and taken away as a file.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../workers/domain/report.ts";
import { htmlOf } from "../../workers/reports/formats/html.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { importKnownTraffic } from "../support/known-traffic.ts";
import { weekly } from "../support/report-document.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "known.example";
const REPORTS = `/api/v1/sites/${SITE}/reports`;
const APPEARS = { timeout: 15_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await importKnownTraffic(api, SITE);
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/reports` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Reports", exact: true }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const press = (name: string, inside: Page | Locator = page) =>
  inside.getByRole("button", { name, exact: true }).first().click();
const preview = () => page.frameLocator("iframe[title='Preview of the report']").locator("body");
const idIn = () => new URL(page.url()).pathname.split("/").at(-1) ?? "";
const kept = async (): Promise<Report> => (await api.request<Report>("GET", `${REPORTS}/${idIn()}`)).body;
const names = () => page.locator(".report-section-name b").allInnerTexts();

async function addSection(kind: string): Promise<void> {
  await press("Section");
  await press(kind, page.locator(".sheet"));
}

it("is begun empty, and its preview holds the figures that the API answers", async () => {
  await press("New report");
  await page.getByRole("dialog").getByLabel("Name").fill("Our month");
  await press("Make report", page.getByRole("dialog"));
  await page.getByRole("heading", { name: "Our month", level: 1 }).waitFor(APPEARS);
  opened.complaints.length = 0;
  await page.getByLabel("Period", { exact: true }).selectOption({ label: "Last 28 days" });
  await addSection("Key figures");
  const metrics = ["visitors", "visits", "pageviews", "bounce_rate"];
  const { results } = await api.query({ metrics, date_range: "28d" }, SITE);
  const [visitors, visits, pageviews] = results[0]?.metrics ?? [];
  expect([visitors, pageviews]).toEqual([5, 9]);
  for (const [label, value] of Object.entries({ Visitors: visitors, Visits: visits, "Page views": pageviews })) {
    const row = preview().locator("tr", { hasText: label }).last();
    await expect.poll(() => row.locator("td").last().innerText(), APPEARS).toMatch(new RegExp(`^${value}\\b`));
  }
});

it("is drawn in its own colours, by no script, and follows what is changed", async () => {
  const heading = preview().getByRole("heading", { name: "Our month" });
  await heading.waitFor(APPEARS);
  expect(await heading.evaluate((element) => getComputedStyle(element).fontSize)).toBe("24px");
  await page.getByLabel("Name", { exact: true }).fill("Our four weeks");
  await preview().getByRole("heading", { name: "Our four weeks" }).waitFor(APPEARS);
  await page.getByText("Colour and logo").click();
  await page.getByLabel("Colour", { exact: true }).fill("#0b7a5b");
  const band = preview().locator("[bgcolor='#0b7a5b']").first();
  await band.waitFor({ ...APPEARS, state: "attached" });
  expect(await band.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe("rgb(11, 122, 91)");
  expect(opened.complaints).toEqual([]);
});

it("has its sections moved by keys and by hand", async () => {
  await addSection("Chart or table");
  await addSection("Text");
  await page.getByLabel("Text", { exact: true }).fill("A quiet month.");
  await preview().getByText("A quiet month.").waitFor(APPEARS);
  await press("Text");
  expect(await names()).toEqual(["Key figures", "Chart or table", "Text"]);
  const handle = (name: string) => page.getByRole("button", { name: `Move ${name}: drag, or use the arrow keys` });
  await handle("Text").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  expect(await names()).toEqual(["Text", "Key figures", "Chart or table"]);
  expect(await handle("Text").evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByText("Text is now 1 of 3").waitFor({ ...APPEARS, state: "attached" });
  const [from, to] = await Promise.all([handle("Chart or table").boundingBox(), handle("Text").boundingBox()]);
  if (!from || !to) throw new Error("the handles are not on the screen");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + 4, { steps: 10 });
  await page.mouse.up();
  expect(await names()).toEqual(["Chart or table", "Text", "Key figures"]);
});

it("keeps a draft over a reload, is saved, and is listed with who made it", async () => {
  await page.reload();
  await page.getByRole("heading", { name: "Our four weeks", level: 1 }).waitFor(APPEARS);
  expect(await kept()).toMatchObject({ name: "Our month", sections: [] });
  await press("Save report");
  await page.getByRole("button", { name: "Saved", exact: true }).waitFor(APPEARS);
  expect(await kept()).toMatchObject({
    name: "Our four weeks",
    period: "28d",
    brand: { colour: "#0b7a5b" },
    sections: [{ kind: "question" }, { kind: "text", text: "A quiet month." }, { kind: "figures" }],
  });
  await page.getByRole("link", { name: "Reports", exact: true }).last().click();
  await page.getByRole("link", { name: /^Our four weeks.*3 sections/ }).waitFor(APPEARS);
});

it("tells of a colleague's change before it is lost, and keeps whichever is chosen", async () => {
  await page.getByRole("link", { name: /^Our four weeks/ }).click();
  await page.getByLabel("What it is for").fill("Mine");
  const { id, siteId, version, createdBy, createdAt, updatedAt, ...fields } = await kept();
  const theirs = { ...fields, about: "Theirs" };
  const headers = { "if-match": `"${version}"` };
  expect((await api.request("PUT", `${REPORTS}/${id}`, { body: theirs, headers })).status).toBe(200);
  await press("Save report");
  await page.getByText("Somebody else has changed this report meanwhile.").waitFor(APPEARS);
  expect((await kept()).about).toBe("Theirs");
  await press("Save mine over theirs");
  await page.getByRole("button", { name: "Saved", exact: true }).waitFor(APPEARS);
  expect((await kept()).about).toBe("Mine");
  expect([siteId, createdBy?.name, createdAt <= updatedAt]).toEqual([SITE, expect.any(String), true]);
});

const BEGINNINGS = { pdf: "%PDF-1.", xlsx: "PK", csv: "# Report", parquet: "PAR1", html: "<!doctype html>" } as const;

it("is had as a file of each format from the server as it is built", async () => {
  const { id } = await kept();
  for (const [format, beginning] of Object.entries(BEGINNINGS)) {
    const headers = { authorization: `Bearer ${server.adminToken}` };
    const reply = await fetch(`${server.url}${REPORTS}/${id}/files/${format}`, { headers });
    expect([reply.status, (await reply.text()).slice(0, beginning.length)], format).toEqual([200, beginning]);
  }
});

it("offers a schedule the channels that take reports, and none that takes alerts alone", async () => {
  const channel = async (kind: string, label: string, config: object) => {
    const made = await api.request("POST", `/api/v1/sites/${SITE}/alert-channels`, { body: { kind, label, config } });
    expect([kind, made.status]).toEqual([kind, 201]);
  };
  const browserKeys = { p256dh: `B${"A".repeat(86)}`, auth: "A".repeat(22) };
  await channel("push", "My browser", { url: "https://push.example.com/1", ...browserKeys });
  const secret = `whsec_${btoa("0123456789abcdef01234567")}`;
  await channel("webhook", "Our hook", { url: "https://hooks.example.com/1", secret });
  await press("Schedule");
  const dialog = page.getByRole("dialog", { name: "New schedule" });
  await dialog.getByLabel("To", { exact: true }).selectOption({ label: "A channel" });
  expect(await dialog.getByLabel("Channel", { exact: true }).locator("option").allInnerTexts()).toEqual(["Our hook"]);
  await press("Close", dialog);
});

it("tells beside the form when it would go out, in the reader's zone and over changed clocks", async () => {
  await press("Schedule");
  const dialog = page.getByRole("dialog", { name: "New schedule" });
  expect(await dialog.getByLabel("Time zone").inputValue()).toBe("UTC");
  await dialog.getByLabel("It goes out").selectOption({ label: "By a pattern" });
  await dialog.getByLabel("Pattern").fill("30 6 1 1 *");
  const moments = dialog.getByRole("status", { name: "Next moments" });
  await expect.poll(() => moments.getByRole("listitem").allInnerTexts(), APPEARS).toHaveLength(3);
  for (const moment of await moments.getByRole("listitem").allInnerTexts()) {
    expect(moment).toMatch(/^1 Jan \d{4}, 0?6:30/);
  }
  await dialog.getByLabel("Address").fill("olga@example.com");
  await dialog.getByLabel("Address").press("Enter");
  await dialog.getByRole("button", { name: "Remove olga@example.com" }).waitFor(APPEARS);
  await press("Close", dialog);
});

it.each([null, "open sesame"])(
  "is read by a public link without an account, the password being %s, with its files and on a phone",
  async (word) => {
    await press("More of this report");
    await press("Share by a link…", page.locator(".sheet"));
    const dialog = page.getByRole("dialog", { name: "Share Our four weeks" });
    if (word) await dialog.getByLabel("Password").fill(word);
    await dialog.getByText("Files too").click();
    await press("Make a public link", dialog);
    const link = (await dialog.locator("code").textContent(APPEARS)) ?? "";
    await press("Close", dialog);
    const {
      context,
      page: reader,
      complaints,
    } = await openDashboard(browser, server.url, {
      path: new URL(link).pathname,
      viewport: PHONE,
    });
    if (word) {
      await reader.getByLabel("Password").fill("close sesame");
      await press("Open", reader);
      await reader.getByRole("alert").waitFor(APPEARS);
      await reader.getByLabel("Password").fill(word);
      await press("Open", reader);
    }
    const inside = reader.frameLocator("iframe[title='Our four weeks']").locator("body");
    await inside.getByRole("heading", { name: "Our four weeks" }).waitFor(APPEARS);
    // The browser tells that nobody has signed in, and of the wrong password.
    expect(complaints.filter((one) => !one.includes("401 (Unauthorized)"))).toEqual([]);
    complaints.length = 0;
    const path = `/api/v1/shares/${new URL(link).pathname.split("/").at(-1)}/report`;
    const shared = await reader.evaluate(async (address) => (await fetch(address)).json(), path);
    const { results } = await api.query(
      { metrics: ["visitors"], date_range: [shared.period.from, shared.period.to] },
      SITE,
    );
    const row = inside.locator("tr", { hasText: "Visitors" }).last();
    expect(await row.locator("td").last().innerText()).toMatch(new RegExp(`^${results[0]?.metrics[0]}\\b`));
    expect(await inside.getByRole("link").count()).toBe(0);
    expect(await overhang(reader)).toBe(0);
    await press("Download", reader);
    const [file] = await Promise.all([reader.waitForEvent("download"), press("CSV", reader.locator(".sheet"))]);
    expect(file.suggestedFilename()).toMatch(/\.(csv|zip)$/);
    expect(complaints).toEqual([]);
    await context.close();
  },
);

it("is a mail of which a phone cuts nothing off, light or dark", async () => {
  const reader = await browser.newContext({ viewport: PHONE, colorScheme: "dark" });
  const mail = await reader.newPage();
  await mail.setContent(htmlOf(weekly(), { forMail: true, unsubscribe: "https://stats.example.com/unsubscribe/x" }));
  expect(await overhang(mail)).toBe(0);
  const cutOff = () =>
    [...document.querySelectorAll("div")]
      .filter((room) => room.scrollWidth > room.clientWidth)
      .map((room) => room.closest("td")?.querySelector("h2")?.textContent);
  expect(await mail.evaluate(cutOff)).toEqual([]);
  const heading = mail.getByRole("heading", { level: 1 });
  const coloursOf = (element: Element) => [
    getComputedStyle(element).color,
    getComputedStyle(element.closest("table") ?? element).backgroundColor,
  ];
  expect(await heading.evaluate(coloursOf)).toEqual(["rgb(230, 232, 238)", "rgb(23, 26, 33)"]);
  await mail.emulateMedia({ colorScheme: "light" });
  expect(await heading.evaluate(coloursOf)).toEqual(["rgb(29, 36, 51)", "rgb(255, 255, 255)"]);
  await reader.close();
});

it("fits a phone", async () => {
  await page.setViewportSize(PHONE);
  await preview().getByRole("heading", { name: "Our four weeks" }).waitFor(APPEARS);
  expect(await overhang(page)).toBe(0);
  // With nothing unsaved, all that can be done stands in one line.
  await page.getByRole("button", { name: "Saved", exact: true }).waitFor(APPEARS);
  const tools = page.locator(".report-head .actions > *");
  const tops = await tools.evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
  expect([tops.length, new Set(tops).size]).toEqual([4, 1]);
});
