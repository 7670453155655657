// One's own account in a real Chromium: passkeys by its virtual device, links to sign in, and the page Profile.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const OWNER = { name: "Olga", email: "olga@example.com", password: "a password of olga's" };
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let browser: Browser;
/** Devices make passkeys for hosts with a name alone. */
let origin: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer({ forPeople: true }), launchChromium()]);
  origin = server.url.replace("127.0.0.1", "localhost");
  const body = JSON.stringify({ token: server.adminToken, ...OWNER });
  expect((await fetch(`${server.url}/api/v1/claim`, { method: "POST", body })).status).toBe(204);
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const open = (path: string, options: object = {}) => openDashboard(browser, origin, { path, ...options });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true }).waitFor(APPEARS);

async function signIn(page: Page, password = OWNER.password): Promise<void> {
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill(password);
  await press(page, "Sign in");
}

/** A device with a lock that is always opened. */
async function plugInDevice(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

describe("a passkey", () => {
  it("is made on the page Profile, signs in without a password, once for each challenge, and can be removed", async () => {
    const { page, context, complaints } = await open("/profile");
    await plugInDevice(page);
    await signIn(page);
    await heading(page, "Passkeys");
    await page.getByLabel("Call it").fill("Olga's laptop");
    await press(page, "Make a passkey");
    await page.getByText("never used").waitFor(APPEARS);
    await press(page, "Make a passkey");
    await page.getByText("The device gave no passkey").waitFor(APPEARS);
    await press(page, "Sign out");
    const [proof] = await Promise.all([
      page.waitForRequest((request) => request.url().endsWith("/api/v1/session/passkey")),
      press(page, "Use a passkey"),
    ]);
    await heading(page, "Profile");
    await page.getByText(/used \d/).waitFor(APPEARS);
    const again = await fetch(proof.url(), { method: "POST", body: proof.postData() });
    expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);

    page.on("dialog", (dialog) => void dialog.accept());
    await press(page, "Remove the passkey Olga's laptop");
    await page.getByText("Olga's laptop").waitFor({ ...APPEARS, state: "detached" });
    await press(page, "Sign out");
    await press(page, "Use a passkey");
    await page.getByText("The passkey is not known here").waitFor(APPEARS);
    // What the browser itself says of the refusal, and of asking who is signed in.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
    await context.close();
  });
});

describe("a link to sign in", () => {
  it("is asked for by address, shown in the log where no mail is set up, and works once", async () => {
    const { page, context } = await open("/");
    await page.getByRole("link", { name: "Mail me a link" }).click();
    await page.getByLabel("E-mail").fill(OWNER.email);
    await press(page, "Send a link");
    await page.getByText("If somebody has this address").waitFor(APPEARS);
    const found = () => /a sign-in link for \S+: (\S+)/.exec(server.output())?.[1] ?? "";
    await expect.poll(found, APPEARS).not.toBe("");
    await page.goto(found());
    await press(page, "Sign in");
    await heading(page, "Sites");
    await page.goto(found());
    await press(page, "Sign in");
    await page.getByText("The link was used or is over a quarter of an hour old").waitFor(APPEARS);
    await context.close();
  });
});

describe("the page Profile", () => {
  it("changes name and password, ends other sessions, and does not let a team's only owner leave", async () => {
    const { page, context } = await open("/");
    const other = await open("/");
    for (const one of [page, other.page]) await signIn(one);
    await page.getByRole("link", { name: "Profile" }).click();
    await page.getByLabel("Name").fill("Olga Orlova");
    await press(page, "Save");
    await page.getByText("Saved").waitFor(APPEARS);
    await page.getByLabel("Password so far").fill("not the password");
    await page.getByLabel("New password").fill("a new password of olga's");
    await press(page, "Change the password");
    await page.getByText("this is not your password").waitFor(APPEARS);
    await page.getByLabel("Password so far").fill(OWNER.password);
    await press(page, "Change the password");
    await page.getByText("your other sessions have ended").waitFor(APPEARS);
    await page.getByText("this one").waitFor(APPEARS);
    await expect.poll(() => page.getByRole("button", { name: /^End the session/ }).count(), APPEARS).toBe(0);
    await other.page.reload();
    await signIn(other.page, "a new password of olga's");
    await heading(other.page, "Sites");
    await page.reload();
    await page.getByRole("button", { name: /^End the session of Chrome/ }).click();
    await expect.poll(() => page.getByRole("button", { name: /^End the session/ }).count(), APPEARS).toBe(0);
    await page.getByLabel("Your e-mail address, to confirm").fill(OWNER.email);
    await press(page, "Delete the account");
    await page.getByText("A team would have no owner").waitFor(APPEARS);
    expect(await page.getByLabel("Name").inputValue()).toBe("Olga Orlova");
    expect(await namelessParts(page)).toEqual([]);
    await page.setViewportSize(PHONE);
    expect(await overhang(page)).toBe(0);
    for (const one of [context, other.context]) await one.close();
  });
});
