// An alert by mail over a real connection, and the link in it: opened by whoever looks at mail, it does nothing until somebody
// presses the button.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { type MailServer, partsOf, startMailServer } from "../support/mail-server.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const APPEARS = { timeout: 15_000 };
/** A rule is first judged by the minute after it was made, half a minute after its end. */
const FIRES_MS = 240_000;

let mails: MailServer;
let server: TestServer;
let api: TestApi;
let browser: Browser;
let mail: string;
let link: string;
const path = (end: string) => `/api/v1/sites/${SITE}${end}`;

beforeAll(async () => {
  mails = await startMailServer();
  const env = { EDGEWISE_SMTP_URL: mails.url, EDGEWISE_MAIL_FROM: "Edgewise <alerts@edge.example>" };
  [server, browser] = await Promise.all([startTestServer({ env }), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  const channel = { kind: "email", label: "Ops", config: { to: "ops@example.com" } };
  const { id } = (await api.request<{ id: string }>("POST", path("/alert-channels"), { body: channel })).body;
  const tested = await api.request("POST", path(`/alert-channels/${id}/test`));
  expect(tested.body).toEqual({ result: "sent", told: "handed to the mail server" });
  const conditions = [{ kind: "threshold", metric: "pageviews", is: "above", value: 0, minutes: 5 }];
  const rule = { name: "Something <b>comes</b> in", conditions, recoverMinutes: 60, channels: [id] };
  expect((await api.request("POST", path("/alert-rules"), { body: rule })).status).toBe(201);
  expect((await api.send({ site: SITE, name: "pageview", url: `https://${SITE}/` })).status).toBe(202);
});
afterAll(async () => {
  mails?.close();
  await browser?.close();
  await server?.discard();
});

const incidents = async () =>
  (await api.request<{ incidents: { id: string; state: string }[] }>("GET", path("/incidents"))).body.incidents;

it("the test and the alert arrive over SMTP", { timeout: FIRES_MS }, async () => {
  expect(partsOf(await mails.next())[0]).toContain("Somebody pressed the button to test it.");
  mail = await mails.next();
  expect(mail).toContain("To: ops@example.com");
  const [text, html] = partsOf(mail);
  expect(text).toMatch(/\b1 pageviews?\b/);
  expect(html).toContain("Something &lt;b&gt;comes&lt;/b&gt; in");
  link = /^Acknowledge: (\S+)$/m.exec(text!)![1]!;
  expect(link.startsWith(`${server.url}/acknowledge#code=`)).toBe(true);
});

it("a scanner that follows it, reads the page and asks what it is about changes nothing", async () => {
  for (const method of ["GET", "HEAD"]) expect((await fetch(link, { method })).status).toBe(200);
  const { page, context } = await openDashboard(browser, server.url, { path: link.slice(server.url.length) });
  await page.getByRole("button", { name: "I look at it" }).waitFor(APPEARS);
  expect(page.url()).toBe(`${server.url}/acknowledge`);
  await page.reload();
  await context.close();
  expect(await incidents()).toMatchObject([{ state: "firing" }]);
});

it("the button acknowledges without signing in, and once", async () => {
  const opened = await openDashboard(browser, server.url, { path: link.slice(server.url.length), viewport: PHONE });
  const { page, context, complaints } = opened;
  await page.getByRole("heading", { name: "Something <b>comes</b> in" }).waitFor(APPEARS);
  expect(await overhang(page)).toBe(0);
  expect(await namelessParts(page)).toEqual([]);
  await page.getByRole("button", { name: "I look at it" }).click();
  await page.getByText("Everybody who was told is told").waitFor(APPEARS);
  const [incident] = await incidents();
  expect(incident!.state).toBe("acknowledged");
  const { entries } = (await api.request<{ entries: unknown[] }>("GET", path(`/incidents/${incident!.id}`))).body;
  expect(entries).toMatchObject([{ kind: "firing" }, { kind: "acknowledged", by: "Link sent to Ops" }]);
  // That nobody is signed in is the browser's own line about the request.
  expect(complaints.filter((one) => !one.includes("401"))).toEqual([]);
  await context.close();
  const again = await openDashboard(browser, server.url, { path: link.slice(server.url.length) });
  await again.page.getByText("Somebody looks at it already.").waitFor(APPEARS);
  expect(await again.page.getByRole("button", { name: "I look at it" }).count()).toBe(0);
  await again.context.close();
});

it("an owner sends it once more from the list of deliveries", { timeout: FIRES_MS }, async () => {
  const opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/alerts` });
  const { page, context, complaints } = opened;
  await page.getByText("Deliveries").first().waitFor(APPEARS);
  const replay = page.getByRole("button", { name: "Send “Something <b>comes</b> in: firing” to Ops once more" });
  await replay.click();
  await replay.waitFor({ state: "detached" });
  // Acknowledged is told as well.
  const told = [partsOf(await mails.next())[0]!, partsOf(await mails.next())[0]!];
  expect(told.filter((text) => /^Acknowledge: /m.test(text))).toHaveLength(1);
  expect(complaints).toEqual([]);
  await context.close();
});
