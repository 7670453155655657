// This browser as a channel: subscribed by the form, and what is pushed to it comes to the service worker. Chromium's push service
// is Google's and is not asked: its answer stands in, and what would come from it is handed to the worker. Without a desktop no
// notification is allowed, so what the worker would show is looked at.
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { type OpenDashboard, openDashboard } from "../support/dashboard-browser.ts";
import { SUBSCRIBED } from "../support/pushed.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
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
  opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/alerts` });
  ({ page } = opened);
  await page.getByRole("heading", { name: "Channels" }).waitFor(APPEARS);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const dialog = () => page.getByRole("dialog");

async function makeChannel(): Promise<void> {
  await page.getByRole("button", { name: "New channel" }).click();
  await dialog().getByLabel("Kind").selectOption("push");
  // The browser fills in the rest.
  expect(await dialog().getByRole("textbox").count()).toBe(1);
  await dialog().getByRole("button", { name: "Make channel" }).click();
}

it("says what to do where notifications are not allowed, and makes nothing", async () => {
  await page.evaluate(() => {
    Notification.requestPermission = async () => "denied";
  });
  await makeChannel();
  await dialog().getByText("This browser may not show notifications here; allow it in its settings.").waitFor(APPEARS);
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await page.getByText("Nobody is told yet.").waitFor(APPEARS);
});

it("subscribes with the deployment's key, and gives the channel what the push service answered", async () => {
  await page.evaluate((keys) => {
    Notification.requestPermission = async () => "granted";
    PushManager.prototype.subscribe = async (options) => {
      Object.assign(window, { asked: options });
      const subscription = { endpoint: "https://push.example.com/send/abc", expirationTime: null, keys };
      return { toJSON: () => subscription } as unknown as PushSubscription; // all that is read of it
    };
  }, SUBSCRIBED);
  await makeChannel();
  await dialog().waitFor({ state: "detached" });
  await page.getByText("Browser notification").first().waitFor(APPEARS);
  const asked = await page.evaluate(() => (window as unknown as { asked: object }).asked); // set above
  const key = await api.request<{ publicKey: string }>("GET", `/api/v1/sites/${SITE}/alert-push-key`);
  expect(asked).toEqual({ userVisibleOnly: true, applicationServerKey: key.body.publicKey });
  const { channels } = (await api.request<{ channels: object[] }>("GET", `/api/v1/sites/${SITE}/alert-channels`)).body;
  expect(channels).toMatchObject([{ kind: "push", label: "Browser notification" }]);
});

/** The registration that the dialog made, as the debugger names it. */
function registrationOf(session: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) =>
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [own] = registrations.filter(({ scopeURL }) => scopeURL.endsWith("/push/"));
      if (own) resolve(own.registrationId);
    }),
  );
  return session.send("ServiceWorker.enable").then(() => found);
}

it("shows what is pushed, of one incident in the place of what was before, and leads to it", async () => {
  const session = await opened.context.newCDPSession(page);
  const registrationId = await registrationOf(session);
  const worker = opened.context.serviceWorkers().find((one) => one.url() === `${server.url}/push.js`)!;
  await worker.evaluate(`
    self.shown = [];
    self.opened = [];
    self.registration.showNotification = async (title, options) => void self.shown.push({ title, ...options });
    self.clients.openWindow = async (url) => void self.opened.push(url);
  `);
  const link = `${server.url}/sites/${SITE}/alerts`;
  const acknowledge = `${server.url}/acknowledge#code=abc`;
  const push = (title: string, code: string) =>
    session.send("ServiceWorker.deliverPushMessage", {
      origin: server.url,
      registrationId,
      data: JSON.stringify({ title, body: "3 visits", tag: "r.1", link, acknowledge: code }),
    });
  await push("Firing: Many", acknowledge);
  await push("Resolved: Many", "");
  const shown = () => worker.evaluate<Record<string, unknown>[]>("self.shown");
  await expect.poll(async () => (await shown()).length, APPEARS).toBe(2);
  const [firing, resolved] = await shown();
  expect(firing).toMatchObject({ title: "Firing: Many", body: "3 visits", tag: "r.1", renotify: true });
  expect(firing!.actions).toEqual([{ action: "acknowledge", title: "Acknowledge" }]);
  expect(resolved).toMatchObject({ title: "Resolved: Many", tag: "r.1", actions: [] });
  const click = (action: string) =>
    worker.evaluate(`
      const event = new ExtendableEvent("notificationclick");
      const notification = { data: self.shown[0].data, close() {} };
      self.dispatchEvent(Object.assign(event, { notification, action: "${action}", waitUntil() {} }));
    `);
  await click("");
  await click("acknowledge");
  expect(await worker.evaluate("self.opened")).toEqual([link, acknowledge]);
  expect(opened.complaints).toEqual([]);
});
