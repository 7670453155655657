// The production shape on one machine, offline: the dashboard as a Pages project on its own origin, the Worker on
// another, and between them the Function over a service binding.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LiveMessage } from "../../workers/domain/live.ts";
import { launchChromium } from "../support/chromium.ts";
import { type DevServer, runWrangler, startWrangler } from "../support/wrangler-dev.ts";

const TOKEN = "pages-test-token-0123456789abcdef";
const SITE = "pages.example";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

const folder = mkdtempSync(join(tmpdir(), "edgewise-pages-"));
const registry = join(folder, "registry");
const state = join(folder, "state");
const owner = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

let worker: DevServer;
let pages: DevServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  await runWrangler(["d1", "migrations", "apply", "edgewise", "--local", "--persist-to", state], { registry });
  const vars = ["--var", `ADMIN_TOKEN:${TOKEN}`];
  worker = await startWrangler(["dev", "--persist-to", state, ...vars], { registry });
  pages = await startWrangler(["pages", "dev", "--persist-to", join(folder, "pages")], {
    folder: "dashboard",
    registry,
  });
  browser = await launchChromium();
  context = await browser.newContext();
  page = await context.newPage();
  // The two meet in the registry shortly after both are up.
  await vi.waitFor(
    async () => expect((await fetch(`${pages.url}/api/v1/sites`, { headers: owner })).status).toBe(200),
    {
      timeout: 60_000,
      interval: 250,
    },
  );
  const made = await fetch(`${pages.url}/api/v1/sites`, {
    method: "POST",
    headers: owner,
    body: JSON.stringify({ id: SITE }),
  });
  expect(made.status, await made.text()).toBe(201);
});

afterAll(async () => {
  await browser?.close();
  await pages?.stop();
  await worker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** As the tracker does: to the Worker's own address. */
async function sendPageview(path: string): Promise<void> {
  const body = JSON.stringify({ site: SITE, name: "pageview", url: `https://${SITE}${path}` });
  const answer = await fetch(`${worker.url}/api/event`, { method: "POST", headers: { "user-agent": BROWSER }, body });
  expect(answer.status, await answer.text()).toBe(202);
}

/** Asks from within the page, with nothing but the session's cookie. */
async function pageviews(path: string): Promise<number | undefined> {
  const question = {
    site_id: SITE,
    metrics: ["pageviews"],
    date_range: "day",
    filters: [["is", "event:page", [path]]],
  };
  const answer: { results?: { metrics: number[] }[] } = await page.evaluate(async (body) => {
    const headers = { "content-type": "application/json" };
    return (await fetch("/api/v2/query", { method: "POST", headers, body: JSON.stringify(body) })).json();
  }, question);
  return answer.results?.[0]?.metrics[0];
}

describe("the dashboard on Pages", () => {
  it("serves the app for any address that is not the API", async () => {
    const answer = await fetch(`${pages.url}/sites/${SITE}`);
    expect(answer.headers.get("content-type")).toContain("text/html");
  });

  it("lets nobody ask without a session", async () => {
    const body = JSON.stringify({ site_id: SITE, metrics: ["visitors"], date_range: "day" });
    const answer = await fetch(`${pages.url}/api/v2/query`, { method: "POST", body });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
  });

  it("signs in on its own origin, and an event sent to the Worker is in its answers", async () => {
    await page.goto(`${pages.url}/#token=${TOKEN}`);
    await expect.poll(async () => page.evaluate(async () => (await fetch("/api/v1/session")).status)).toBe(200);
    await sendPageview("/pricing");
    await expect.poll(() => pageviews("/pricing"), { timeout: 15_000 }).toBe(1);
    const cookies = await context.cookies(pages.url);
    expect(cookies.map(({ httpOnly }) => httpOnly)).toContain(true);
    expect(await context.cookies(worker.url.replace("127.0.0.1", "localhost"))).toEqual([]);
  });

  it("carries the live socket: a snapshot first, then what changes", async () => {
    const messages: LiveMessage[] = [];
    await page.exposeFunction("received", (text: string) => messages.push(JSON.parse(text)));
    await page.evaluate((site) => {
      const socket = new WebSocket(`ws://${location.host}/api/v1/sites/${site}/live`);
      socket.addEventListener("message", ({ data }) => Reflect.get(window, "received")(data));
    }, SITE);
    await expect.poll(() => messages[0]?.type, { timeout: 15_000 }).toBe("snapshot");
    await sendPageview("/live-now");
    const seen = () =>
      messages.some(
        (message) => message.type === "changes" && message.changes.events?.some(({ path }) => path === "/live-now"),
      );
    await expect.poll(seen, { timeout: 15_000 }).toBe(true);
  });

  it("makes the first owner, and invites by links to its own origin", async () => {
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${pages.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const person = { name: "Olga", email: "olga@example.com", password: "a password of olga's" };
    expect((await post("/api/v1/claim", { token: TOKEN, ...person })).status).toBe(204);
    const { email, password } = person;
    const signedIn = await post("/api/v1/session", { email, password });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const invitation = { email: "gus@example.com", role: "viewer" };
    const made = await post("/api/v1/teams/main/invitations", invitation, { cookie, origin: pages.url });
    const { link }: { link: string } = await made.json();
    expect(link.startsWith(`${pages.url}/invitation#code=ewi_`)).toBe(true);
  });
});
