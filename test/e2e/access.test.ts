// People and the dashboard, in a real Chromium: the first owner, an invitation, roles, keys, share links, a new password.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "shop.example";
const OWNER = { email: "olga@example.com", password: "a password of olga's" };
const GUEST = { email: "gus@example.com", password: "a password of gus's" };
const MEMBERS = "/api/v1/teams/main/members";
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ forPeople: true }), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const open = (path: string, options: object = {}) => openDashboard(browser, server.url, { path, ...options });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true }).waitFor(APPEARS);

async function signIn(page: Page, { email, password }: typeof OWNER): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await press(page, "Sign in");
}

describe("pages", () => {
  it("load nothing from elsewhere and are framed by nobody", async () => {
    for (const path of ["/", "/claim", "/share/none"]) {
      const { headers } = await fetch(server.url + path);
      const policy = headers.get("content-security-policy") ?? "";
      for (const rule of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"]) {
        expect(policy).toContain(rule);
      }
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });
});

describe("people", () => {
  it("claim a fresh deployment with its token, and sign in by e-mail from then on", async () => {
    const { page, context, complaints } = await open("/");
    await heading(page, "Sign in to Edgewise");
    await page.getByRole("link", { name: "First start? Make yourself the owner" }).click();
    await page.getByLabel("Token").fill("not-the-token");
    await page.getByLabel("Name").fill("Olga");
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("New password").fill(OWNER.password);
    await press(page, "Become the owner");
    await page.getByText("This token is not right").waitFor(APPEARS);
    await page.getByLabel("Token").fill(server.adminToken);
    await press(page, "Become the owner");
    await heading(page, "Sites");
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading(page, "Sign in to Edgewise");
    await signIn(page, { ...OWNER, password: "not the password" });
    await page.getByText("The address or the password is not right").waitFor(APPEARS);
    await signIn(page, OWNER);
    await heading(page, "Sites");
    expect(await namelessParts(page)).toEqual([]);
    // What the browser itself says of the two refusals, and of asking who is signed in.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    await context.close();
  });

  it("invite others, who see what their role allows, and hand out keys and links", async () => {
    const owner = await open(`/sites/${SITE}/settings`);
    await signIn(owner.page, OWNER);
    await heading(owner.page, "Members");
    await owner.page.getByLabel("E-mail").fill(GUEST.email);
    await press(owner.page, "Invite");
    const link = await owner.page.locator(".secret-line code").textContent(APPEARS);
    await owner.page.getByLabel("Key for").fill("Nightly export");
    await press(owner.page, "Make key");
    await owner.page.getByText("Copy the key now").waitFor(APPEARS);
    const key = await owner.page.locator(".secret-line code").last().textContent();
    expect((await api.request("GET", `/api/v1/sites/${SITE}`, { token: key ?? "" })).status).toBe(200);
    await owner.page.getByLabel("Link for").fill("The board");
    await owner.page.getByLabel("Password (optional)").fill("open sesame");
    await press(owner.page, "Make link");
    const share = await owner.page.locator(".access-list code").textContent(APPEARS);

    const guest = await open(new URL(link ?? "").pathname + new URL(link ?? "").hash);
    await heading(guest.page, "Join Main");
    expect(new URL(guest.page.url()).hash).toBe("");
    await guest.page.getByLabel("Name").fill("Gus");
    await guest.page.getByLabel("New password").fill("short");
    await press(guest.page, "Join");
    await guest.page.getByText("use 10 characters or more").waitFor(APPEARS);
    await guest.page.getByLabel("New password").fill(GUEST.password);
    await press(guest.page, "Join");
    await heading(guest.page, "Sites");
    await guest.page.getByRole("link", { name: SITE }).click();
    await guest.page.getByRole("link", { name: "Overview" }).waitFor(APPEARS);
    expect(await guest.page.getByRole("link", { name: "Settings" }).count()).toBe(0);

    await owner.page.reload();
    await owner.page.getByText(GUEST.email).waitFor(APPEARS);
    await owner.page.setViewportSize(PHONE);
    expect(await overhang(owner.page)).toBe(0);
    expect(await namelessParts(owner.page)).toEqual([]);
    await owner.page.getByLabel("Role of Gus").selectOption("admin");
    const roleOfGuest = async () => {
      const { members } = (await api.request<{ members: { email: string; role: string }[] }>("GET", MEMBERS)).body;
      return members.find(({ email }) => email === GUEST.email)?.role;
    };
    await expect.poll(roleOfGuest, APPEARS).toBe("admin");
    await guest.page.reload();
    await guest.page.getByRole("link", { name: "Settings" }).waitFor(APPEARS);

    const reader = await open(new URL(share ?? "").pathname);
    await heading(reader.page, "Shared with a password");
    await reader.page.getByLabel("Password").fill("open sesame");
    await press(reader.page, "Open");
    await reader.page.getByRole("link", { name: "Overview" }).waitFor(APPEARS);
    expect(new URL(reader.page.url()).pathname).toBe(`/sites/${SITE}`);
    expect(await reader.page.getByRole("link", { name: "Settings" }).count()).toBe(0);
    expect([...owner.complaints, ...guest.complaints].filter((text) => !/40[01]/.test(text))).toEqual([]);
    for (const { context } of [owner, guest, reader]) await context.close();
  });

  it("set a new password by a link that the log shows where no mail is set up", async () => {
    const { page, context } = await open("/reset");
    await page.getByLabel("E-mail").fill(GUEST.email);
    await press(page, "Send a link");
    await page.getByText("If somebody has this address").waitFor(APPEARS);
    const found = () => /a new password for \S+: (\S+)/.exec(server.output())?.[1] ?? "";
    await expect.poll(found, APPEARS).not.toBe("");
    await page.goto(found());
    await page.getByLabel("New password").fill("another password of gus's");
    await press(page, "Set the password");
    await page.getByText("The new password is set").waitFor(APPEARS);
    await press(page, "Sign in");
    await signIn(page, { ...GUEST, password: "another password of gus's" });
    await heading(page, "Sites");
    await context.close();
  });
});
