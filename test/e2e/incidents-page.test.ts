// What fires, on every page: the badge, the story of an incident, who is on call, quiet times, and marks on the charts.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 20_000 };
const SECRET = `whsec_${btoa("0123456789abcdef01234567")}`;

let server: TestServer;
let api: TestApi;
let browser: Browser;
let opened: OpenDashboard;
let page: Page;

/** Where it is about noon, so that no day ends within the test. */
function noonZone(): string {
  const ahead = 12 - new Date().getUTCHours();
  return ahead === 0 ? "UTC" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;
}

const at = (path: string) => `/api/v1/sites/${SITE}${path}`;
const ring = (minutes: number) => fetch(`${server.url}/ring?minutes=${minutes}`, { method: "POST" });

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startTestServer({ script: "test/support/serve-ringing.ts" }),
    launchChromium(),
  ]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE, timeZone: noonZone() });
  await api.request("POST", at("/alert-channels"), {
    body: { kind: "webhook", label: "Ada's phone", config: { url: "https://hooks.invalid/ada", secret: SECRET } },
  });
  const conditions = [{ kind: "threshold", metric: "pageviews", minutes: 60, is: "above", value: 3 }];
  await api.request("POST", at("/alert-rules"), { body: { name: "Many views", conditions } });
  await ring(0);
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/alerts` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Alerts" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const shows = (text: string | RegExp) => page.getByText(text).first().waitFor(APPEARS);
const panel = (heading: string) =>
  page.locator("section.panel").filter({ has: page.getByRole("heading", { name: heading, exact: true }) });
const dialog = () => page.getByRole("dialog");
const save = async () => {
  await dialog().getByRole("button", { name: "Save", exact: true }).click();
  await dialog().waitFor({ state: "detached" });
};

it("a rotation says who is on call, and somebody stands in", async () => {
  await panel("On call").getByText("Nobody is on call.").waitFor(APPEARS);
  await page.getByRole("button", { name: "New rotation" }).click();
  await dialog().getByLabel("Name", { exact: true }).fill("Web");
  await dialog().getByLabel("Name of person 1").fill("Ada");
  await dialog().getByRole("button", { name: "Save", exact: true }).click();
  await dialog().getByText("name a channel that reaches them").waitFor(APPEARS);
  await dialog().getByLabel("Ada's phone").check();
  await dialog().getByRole("button", { name: "Another person" }).click();
  await dialog().getByLabel("Name of person 2").fill("Bob");
  await dialog().getByLabel("Ada's phone").nth(1).check();
  await save();
  await panel("On call")
    .getByText(/(Ada|Bob) until/)
    .waitFor(APPEARS);
  await page.getByRole("button", { name: "Stand in" }).click();
  await dialog().getByLabel("Who").selectOption("Bob");
  await save();
  await panel("On call")
    .getByText(/Bob until .*, standing in/)
    .waitFor(APPEARS);
  await page.getByRole("button", { name: "End stand-in" }).click();
  await page.getByRole("button", { name: "End stand-in" }).waitFor({ ...APPEARS, state: "detached" });
  await panel("On call")
    .getByText("standing in")
    .waitFor({ ...APPEARS, state: "detached" });
  type Kept = { rotations: { overrides: { from: number; until: number }[] }[] };
  const { rotations } = (await api.request<Kept>("GET", at("/on-call-rotations"))).body;
  const [{ from, until }] = rotations[0]!.overrides as [{ from: number; until: number }];
  expect(until).toBeGreaterThan(from);
  expect(until).toBeLessThanOrEqual(Date.now());
});

it("a member of the team takes a turn by their own address, and is named once they have left", async () => {
  const { link } = (
    await api.request<{ link: string }>("POST", "/api/v1/teams/main/invitations", {
      body: { email: "cleo@example.com", role: "analyst" },
    })
  ).body;
  const code = link.slice(link.indexOf("#code=") + "#code=".length);
  const body = { name: "Cleo", password: "correct horse battery" };
  expect((await api.request("POST", `/api/v1/invitations/${code}`, { body })).status).toBe(204);
  await page.getByRole("button", { name: "Edit the rotation Web" }).click();
  await dialog().getByRole("button", { name: "Remove person 2" }).click();
  await dialog().getByLabel("Who is person 1").selectOption({ label: "Cleo" });
  await dialog().getByLabel("Ada's phone").uncheck();
  await dialog().getByText("their own e-mail").first().waitFor(APPEARS);
  await save();
  await panel("On call")
    .getByText(/Cleo until/)
    .waitFor(APPEARS);
  type Members = { members: { id: string; name: string }[] };
  const { members } = (await api.request<Members>("GET", "/api/v1/teams/main/members")).body;
  const cleo = members.find(({ name }) => name === "Cleo")!;
  await api.request("DELETE", `/api/v1/teams/main/members/${cleo.id}`);
  await page.reload();
  await panel("On call").getByText("Cleo left the team and is skipped").waitFor(APPEARS);
  await panel("On call")
    .getByText(/Nobody until/)
    .waitFor(APPEARS);
  await page.getByRole("button", { name: "Edit the rotation Web" }).click();
  await dialog().getByLabel("Who is person 1").selectOption({ label: "Somebody else" });
  await dialog().getByLabel("Name of person 1").fill("Bob");
  await dialog().getByLabel("Ada's phone").check();
  await save();
  await panel("On call")
    .getByText(/Bob until/)
    .waitFor(APPEARS);
});

it("a policy escalates to who is on call, and a rule follows it", async () => {
  await page.getByRole("button", { name: "New policy" }).click();
  await dialog().getByLabel("Name", { exact: true }).fill("Wake");
  await dialog().getByLabel("Web").check();
  await dialog().getByRole("button", { name: "Another step" }).click();
  await dialog().getByLabel("Minutes after step 1").fill("5");
  await dialog().getByLabel("Ada's phone").nth(1).check();
  await save();
  await shows("at once Web; after 5 min Ada's phone");
  await page.getByRole("button", { name: "Edit the rule Many views" }).click();
  await dialog().getByLabel("Escalation when nobody acknowledges").selectOption({ label: "Wake" });
  await save();
  const { rules } = (await api.request<{ rules: { policy: string | null }[] }>("GET", at("/alert-rules"))).body;
  expect(rules).toMatchObject([{ policy: expect.any(String) }]);
});

it("a rule keeps hours, is silent for an hour, and the site has its maintenance", async () => {
  await page.getByRole("button", { name: "Hours of Many views" }).click();
  await dialog().getByText("Only at some hours").click();
  await dialog().getByLabel("Sat").check();
  await dialog().getByLabel("To", { exact: true }).fill("25:00");
  await dialog().getByRole("button", { name: "Save", exact: true }).click();
  await dialog().getByText("use a time of day such as 08:30").waitFor(APPEARS);
  await dialog().getByLabel("To", { exact: true }).fill("17:30");
  await save();
  await shows("Mon, Tue, Wed, Thu, Fri, Sat 09:00–17:30");
  await page.getByRole("button", { name: "Silence 1 h" }).click();
  await shows(/silent until/);
  await page.getByRole("button", { name: "End silence" }).click();
  await page.getByRole("button", { name: "Silence 1 h" }).waitFor(APPEARS);
  await page.getByRole("button", { name: "Hours of Many views" }).click();
  await dialog().getByText("Only at some hours").click();
  await save();
  await page.getByRole("button", { name: "New window" }).click();
  await dialog().getByLabel("Why (optional)").fill("A move");
  await save();
  await shows("A move");
  await page.getByRole("button", { name: "End now" }).click();
  await shows("None is planned.");
});

it("what fires is counted beside the page's name, on every page, and marked on the charts of its metric", async () => {
  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("heading", { name: SITE }).or(page.locator("h1")).first().waitFor(APPEARS);
  await api.send(Array.from({ length: 5 }, () => ({ site: SITE, name: "pageview", url: "https://shop.example/" })));
  for (const minutes of [1, 2, 3]) await ring(minutes);
  await page.locator("nav .firing", { hasText: /^1 firing$/ }).waitFor({ timeout: 40_000 });
  await page.goto(`${server.url}/sites/${SITE}/overview?metric=pageviews&period=7d`);
  await page
    .getByRole("img", { name: /Marked: .*alert fired: Many views/ })
    .first()
    .waitFor(APPEARS);
});

it("an incident tells its story: who was told, who looks after it, how severe it is, and it is opened again", async () => {
  await page.goto(`${server.url}/sites/${SITE}/alerts`);
  const incidents = panel("Incidents");
  await incidents.getByText("5 pageviews in 1 h, above 3").waitFor(APPEARS);
  await incidents.getByText("Details").click();
  await incidents.getByText("step 1 of 2: Bob (on call, Web)").waitFor(APPEARS);
  await incidents
    .getByText(/Ada's phone: firing/)
    .first()
    .waitFor(APPEARS);
  await incidents.getByLabel("Severity").last().selectOption("critical");
  await incidents.getByText("warning → critical").waitFor(APPEARS);
  await incidents.getByLabel("Looks after it").selectOption("me");
  await incidents.getByText("Operator looks after it").waitFor(APPEARS);
  await incidents.getByLabel("Note on Many views").fill("A campaign began");
  await incidents.getByRole("button", { name: "Write" }).click();
  await incidents.getByText("Note by Operator: A campaign began").waitFor(APPEARS);
  await incidents.getByRole("button", { name: "Acknowledge" }).click();
  await incidents.getByText("Acknowledged by Operator").waitFor(APPEARS);
  await page.locator("nav .firing").waitFor({ state: "detached" });
  await incidents.getByRole("button", { name: "Resolve" }).click();
  await incidents.getByRole("button", { name: "Reopen" }).click();
  await page.locator("nav .firing").waitFor(APPEARS);
});

it("incidents are filtered, and the past says how soon somebody was at it", async () => {
  const incidents = panel("Incidents");
  await incidents.getByLabel("State").selectOption("acknowledged");
  await incidents.getByText("No incident fits.").waitFor(APPEARS);
  await incidents.getByLabel("State").selectOption("firing");
  await incidents.getByLabel("Severity").first().selectOption("critical");
  await incidents.getByText("5 pageviews in 1 h, above 3").waitFor(APPEARS);
  await panel("The last 90 days").getByRole("rowheader", { name: "Many views" }).waitFor(APPEARS);
});

it("fits a phone, names its parts and complains of nothing but what the forms were refused", async () => {
  await page.setViewportSize(PHONE);
  expect(await overhang(page)).toBe(0);
  expect(await namelessParts(page)).toEqual([]);
  expect(opened.complaints.filter((one) => !one.includes("400"))).toEqual([]);
});
