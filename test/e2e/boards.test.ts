// Boards in a real Chromium: begun, filled, arranged, edited by two at once, shared, and on a phone.

import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldsOf } from "../../dashboard/state/boards.ts";
import type { Board } from "../../workers/domain/board.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { openDashboard, overhang, PHONE, settled } from "../support/dashboard-browser.ts";
import { importKnownTraffic } from "../support/known-traffic.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "known.example";
const BOARDS = `/api/v1/sites/${SITE}/boards`;
const APPEARS = { timeout: 10_000 };

let server: TestServer;
let api: TestApi;
let browser: Browser;
let signedIn: Awaited<ReturnType<BrowserContext["storageState"]>>;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
  api = connectTestApi(server);
  await api.createSite({ id: SITE });
  await importKnownTraffic(api, SITE);
  const { page, context } = await openDashboard(browser, server.url, { token: server.adminToken });
  await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
  signedIn = await context.storageState();
  await context.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.discard();
});

const press = (name: string, inside: Page | Locator) => inside.getByRole("button", { name, exact: true }).click();
const panel = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const titles = (page: Page) => page.locator(".board h2").allInnerTexts();
const boardOf = async (id: string) => (await api.request<Board>("GET", `${BOARDS}/${id}`)).body;
const idIn = (page: Page) => new URL(page.url()).pathname.split("/").at(-1) ?? "";

/** Somebody who is signed in with the deployment's token, at a path of the site. */
async function visit(path: string) {
  const opened = await openDashboard(browser, server.url, { storageState: signedIn, path: `/sites/${SITE}/${path}` });
  await settled(opened.page);
  return opened;
}

async function makeBoard(name: string, template?: string): Promise<string> {
  const { status, body } = await api.request<Board>("POST", BOARDS, { body: { name, ...(template && { template }) } });
  expect(status).toBe(201);
  return body.id;
}

async function more(page: Page, entry: string): Promise<void> {
  await press("More of this board", page);
  await press(entry, page);
}

const cell = (page: Page, name: string) => page.locator(".grid-stack-item", { has: panel(page, name) });
const placesOf = ({ panels }: Board) => Object.fromEntries(panels.map(({ title, grid }) => [title, grid]));

/** With the button held down, in steps, as a hand does it. */
async function drag(page: Page, what: Locator, by: { x: number; y: number }): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error("what is dragged is not on the screen");
  const from = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 10 });
  await page.mouse.up();
}

/** The handle by which a panel is moved. */
const handle = (page: Page, name: string) => page.getByRole("button", { name: `Move ${name}:` });

describe("a board", () => {
  it("begins with a template, whose panels show the site's figures", async () => {
    const { page, context, complaints } = await visit("boards");
    await press("New board", page);
    const dialog = page.getByRole("dialog", { name: "New board" });
    await dialog.getByRole("button", { name: /^Web/ }).click();
    await press("Make board", dialog);
    await expect
      .poll(
        () =>
          panel(page, "Visitors")
            .innerText()
            .catch(() => ""),
        APPEARS,
      )
      .toMatch(/^5$/m);
    await expect.poll(() => panel(page, "Page views").innerText(), APPEARS).toMatch(/^9$/m);
    expect(await boardOf(idIn(page))).toMatchObject({ panels: { length: (await titles(page)).length } });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("begins empty, takes a panel by its dialog, words, and a chart from Explore", async () => {
    const { page, context, complaints } = await visit("boards");
    await press("New board", page);
    await page.getByLabel("Name").fill("Mine");
    await press("Make board", page);
    await press("Panel", page);
    const dialog = page.getByRole("dialog", { name: "New panel" });
    await dialog.getByLabel("Title").fill("By country");
    await press("Remove Time", dialog);
    await press("Dimension", dialog);
    await press("Country", dialog);
    await dialog.getByLabel("Chart").selectOption({ label: "List" });
    await press("Keep", dialog);
    await press("Text", page);
    await page.getByLabel("Text", { exact: true }).fill("# Why\n\nSee https://example.com/goals.");
    await press("Keep", page);
    await press("Save board", page);
    await panel(page, "By country").getByRole("button", { name: "Germany 3" }).waitFor(APPEARS);
    await page.getByRole("link", { name: "https://example.com/goals" }).waitFor(APPEARS);
    const id = idIn(page);

    await page.goto(`${server.url}/sites/${SITE}/explore?by=visit:device`);
    await press("Options of Visitors by device", page);
    await press("Add to a board…", page);
    const adding = page.getByRole("dialog", { name: "Add to a board" });
    await adding.getByLabel("Board").selectOption({ label: "Mine" });
    await adding.getByLabel("Title of the panel").fill("Devices");
    await press("Add", adding);
    await page.getByRole("link", { name: "Mine" }).click();
    await panel(page, "Devices").getByRole("button", { name: "Desktop 3" }).waitFor(APPEARS);
    expect(new URL(page.url()).pathname).toBe(`/sites/${SITE}/boards/${id}`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is arranged by the arrow keys, and stays so when saved", async () => {
    const id = await makeBoard("Moved", "web");
    const before = (await boardOf(id)).panels.find(({ title }) => title === "Pages")?.grid;
    const { page, context } = await visit(`boards/${id}`);
    await press("Edit", page);
    await handle(page, "Pages").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Shift+ArrowDown");
    await press("Save board", page);
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor(APPEARS);
    await page.reload();
    await settled(page);
    const after = (await boardOf(id)).panels.find(({ title }) => title === "Pages")?.grid;
    expect(after).toEqual({ ...before, w: (before?.w ?? 0) - 1, h: (before?.h ?? 0) + 1 });
    const area = await page.locator(".board-cell", { has: panel(page, "Pages") }).getAttribute("style");
    expect(area).toContain(`span ${after?.h} / span ${after?.w}`);
    await context.close();
  });

  it("is arranged by the mouse: dragged by a handle, resized by a corner, the others making room", async () => {
    const id = await makeBoard("Dragged", "web");
    const before = placesOf(await boardOf(id));
    const { page, context, complaints } = await visit(`boards/${id}`);
    await press("Edit", page);
    const corner = cell(page, "Bounce rate").locator(".ui-resizable-se");
    await corner.waitFor({ ...APPEARS, state: "attached" });
    const column = ((await cell(page, "Visitors").boundingBox())?.width ?? 0) / 3;
    await drag(page, handle(page, "Visitors"), { x: 3 * column, y: 0 });
    await cell(page, "Bounce rate").hover();
    await drag(page, corner, { x: 0, y: 76 });
    await press("Save board", page);
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor(APPEARS);
    expect(placesOf(await boardOf(id))).toEqual({
      ...before,
      Visitors: before.Visits,
      Visits: before.Visitors,
      "Bounce rate": { ...before["Bounce rate"], h: 3 },
      // Whatever lies under the corner moves down by a row.
      ...Object.fromEntries(
        Object.entries(before)
          .filter(([, { y }]) => y > 0)
          .map(([title, grid]) => [title, { ...grid, y: grid.y + 1 }]),
      ),
    });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("is as it was left when its editor went elsewhere, and still merges with what others saved", async () => {
    const id = await makeBoard("Left", "web");
    const { page, context } = await visit(`boards/${id}`);
    await press("Edit", page);
    await press("Remove Sources", page);
    await page.getByRole("link", { name: "Explore", exact: true }).click();
    await page.getByRole("heading", { name: "Visitors by time" }).waitFor(APPEARS);
    const theirs = await boardOf(id);
    const { status } = await api.request("PUT", `${BOARDS}/${id}`, {
      body: { ...fieldsOf(theirs), name: "Renamed meanwhile" },
      headers: { "if-match": `"${theirs.version}"` },
    });
    expect(status).toBe(200);
    await page.goBack();
    await page.getByText("These are your changes from before").waitFor(APPEARS);
    await page.reload();
    await press("Save board", page);
    await page.getByRole("heading", { name: "Renamed meanwhile", exact: true }).waitFor(APPEARS);
    expect((await boardOf(id)).panels.map(({ title }) => title)).not.toContain("Sources");
    await page.reload();
    await page.getByRole("button", { name: "Edit", exact: true }).waitFor(APPEARS);
    await context.close();
  });

  it("keeps what two have changed at once", async () => {
    const id = await makeBoard("Ours", "web");
    const [one, other] = [await visit(`boards/${id}`), await visit(`boards/${id}`)];
    for (const { page } of [one, other]) await press("Edit", page);
    await one.page.getByLabel("Name").fill("Renamed");
    await press("Save board", one.page);
    await one.page.getByRole("heading", { name: "Renamed", exact: true }).waitFor(APPEARS);
    await press("Remove Sources", other.page);
    await press("Save board", other.page);
    await other.page.getByText("Both changes are kept").waitFor(APPEARS);
    await other.page.getByRole("heading", { name: "Renamed", exact: true }).waitFor(APPEARS);
    const { name, panels } = await boardOf(id);
    expect(name).toBe("Renamed");
    expect(panels.map(({ title }) => title)).not.toContain("Sources");
    // The first save's version was known to be old, which a browser notes by itself.
    expect(other.complaints.filter((text) => !/40[0-9]|412/.test(text))).toEqual([]);
    await Promise.all([one.context.close(), other.context.close()]);
  });

  it("fills the screen, and stands in one column on a phone", async () => {
    const id = await makeBoard("Small", "web");
    const { page, context } = await visit(`boards/${id}`);
    await more(page, "Full screen");
    await expect.poll(() => page.evaluate(() => document.fullscreenElement?.className), APPEARS).toBe("board-frame");
    await page.evaluate(() => document.exitFullscreen());
    await page.setViewportSize(PHONE);
    const lefts = () =>
      page
        .locator(".board-cell")
        .evaluateAll((cells) => [...new Set(cells.map((cell) => cell.getBoundingClientRect().x))]);
    await expect.poll(async () => (await lefts()).length, APPEARS).toBe(1);
    expect(await overhang(page)).toBe(0);
    await context.close();
  });
});

describe("a board's readers", () => {
  it("are offered boards alone where they read by a link to one, by keys and by names too", async () => {
    const id = await makeBoard("Public", "web");
    const { body } = await api.request<{ link: string }>("POST", `/api/v1/sites/${SITE}/shares`, {
      body: { label: "Public", boardId: id },
    });
    const { page, context } = await openDashboard(browser, server.url, { path: new URL(body.link).pathname });
    await page.getByRole("heading", { name: "Public" }).waitFor(APPEARS);
    const pages = page.getByRole("navigation", { name: "Pages of this site" }).getByRole("link");
    expect(await pages.allInnerTexts()).toEqual(["Boards"]);
    await page.keyboard.press("2");
    await page.keyboard.press("Control+k");
    await page.getByRole("option", { name: "Go to Boards" }).waitFor(APPEARS);
    expect(await page.getByRole("option", { name: /^Go to (Overview|Settings|Live)$/ }).count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe(`/sites/${SITE}/boards/${id}`);
    await context.close();
  });

  it("arrange it for themselves alone", async () => {
    const id = await makeBoard("Read", "web");
    const { panels } = await boardOf(id);
    const { page, context } = await visitAsViewer(`boards/${id}`);
    expect(await page.getByRole("button", { name: "Edit", exact: true }).count()).toBe(0);
    await more(page, "Arrange for me");
    await handle(page, "Pages").focus();
    await page.keyboard.press("Shift+ArrowDown");
    await press("Keep my layout", page);
    await page.getByRole("button", { name: "More of this board" }).waitFor(APPEARS);
    await page.reload();
    await settled(page);
    const height = panels.find(({ title }) => title === "Pages")?.grid.h ?? 0;
    const mine = await page.locator(".board-cell", { has: panel(page, "Pages") }).getAttribute("style");
    expect(mine).toContain(`span ${height + 1} /`);
    expect((await boardOf(id)).panels).toEqual(panels);
    await context.close();
  });

  it.each([null, "open sesame"])(
    "reach it by a public link, the password being %s, and change nothing",
    async (word) => {
      const id = await makeBoard("Public", "web");
      const owner = await visit(`boards/${id}`);
      await more(owner.page, "Share by a link…");
      if (word) await owner.page.getByLabel("Password").fill(word);
      await press("Make a public link", owner.page);
      const link = (await owner.page.getByRole("dialog").locator("code").textContent(APPEARS)) ?? "";
      await owner.context.close();

      const reader = await browser.newContext();
      const page = await reader.newPage();
      await page.goto(link);
      if (word) {
        await page.getByLabel("Password").fill("close sesame");
        await press("Open", page);
        await page.getByRole("alert").waitFor(APPEARS);
        await page.getByLabel("Password").fill(word);
        await press("Open", page);
      }
      await page.getByRole("heading", { name: "Public", exact: true }).waitFor(APPEARS);
      await expect.poll(() => panel(page, "Visitors").innerText(), APPEARS).toMatch(/^5$/m);
      expect(new URL(page.url()).pathname).toBe(`/sites/${SITE}/boards/${id}`);
      expect(await page.getByRole("button", { name: "Edit", exact: true }).count()).toBe(0);
      const tried = await page.evaluate(async (path) => {
        const headers = { "content-type": "application/json" };
        const asked = [
          fetch(path, { method: "DELETE" }),
          fetch(path, { method: "PUT", headers, body: JSON.stringify({ name: "Taken" }) }),
          fetch(path.replace(/\/[^/]+$/, ""), { method: "POST", headers, body: JSON.stringify({ name: "New" }) }),
        ];
        return (await Promise.all(asked)).map(({ status }) => status);
      }, `${BOARDS}/${id}`);
      expect(tried).toEqual([403, 403, 403]);
      expect((await boardOf(id)).name).toBe("Public");
      await reader.close();
    },
  );
});

/** Somebody of the team who may look and nothing more, by an invitation. */
async function visitAsViewer(path: string) {
  const invited = await api.request<{ link: string }>("POST", "/api/v1/teams/main/invitations", {
    body: { email: "vera@example.com", role: "viewer" },
  });
  const { pathname, hash } = new URL(invited.body.link);
  const opened = await openDashboard(browser, server.url, { path: pathname + hash });
  await opened.page.getByLabel("Name").fill("Vera");
  await opened.page.getByLabel("New password").fill("a password of vera's");
  await press("Join", opened.page);
  await opened.page.getByRole("heading", { name: "Sites", exact: true }).waitFor(APPEARS);
  await opened.page.goto(`${server.url}/sites/${SITE}/${path}`);
  await settled(opened.page);
  return opened;
}
