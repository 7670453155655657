// A site that moves: Plausible's export is imported by the settings beside a replay of the same events, both counts are laid
// side by side and told apart, and the history is removed alone.

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { History } from "../../workers/domain/history.ts";
import type { Reconciliation } from "../../workers/domain/reconciliation.ts";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { namelessParts, type OpenDashboard, openDashboard, overhang, PHONE } from "../support/dashboard-browser.ts";
import { fixturesDir } from "../support/fixtures.ts";
import { plausibleExportFiles, zipOf } from "../support/plausible-export.ts";
import { startReplay } from "../support/replay.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

const SITE = "plausible.io";
const APPEARS = { timeout: 20_000 };
/** Of Plausible's own sessions, and of the rule of 30 minutes. */
const VISITS = { theirs: 2087, ours: 2096 };

describe.skipIf(!fixturesDir)("moving from Plausible", () => {
  let server: TestServer;
  let api: TestApi;
  let browser: Browser;
  let opened: OpenDashboard;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
    api = connectTestApi(server);
    const file = "web/plausible_io_2024-03_events.csv.gz";
    await startReplay(server, file, ["--site", SITE, "--create", "--bots", "keep"]).summary;
    opened = await openDashboard(browser, server.url, { token: server.adminToken, path: `/sites/${SITE}/settings` });
    ({ page } = opened);
    await page.getByRole("heading", { name: "History of other tools" }).waitFor(APPEARS);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.discard();
  });

  const section = () => page.locator("section", { has: page.getByRole("heading", { name: "History of other tools" }) });
  const choose = (name: string, bytes: Uint8Array) =>
    section()
      .locator("input[type=file]")
      .setInputFiles({ name, mimeType: "application/zip", buffer: Buffer.from(bytes) });
  const listed = async () =>
    (await api.request<{ histories: History[] }>("GET", `/api/v1/sites/${SITE}/history`)).body.histories;

  it("says of a file with a wrong cell where it is, and imports nothing", async () => {
    const files = plausibleExportFiles();
    const name = "imported_devices_20240328_20240331.csv";
    await choose("broken.zip", zipOf({ ...files, [name]: `${files[name]}2024-03-31,Tablet,many,1,1,1,1\n` }));
    await section().getByText("“many” is not a count").waitFor(APPEARS);
    await section().getByText(name).waitFor(APPEARS);
    expect(await listed()).toEqual([]);
  });

  it("shows what is in the export before it is imported, and lists it after", async () => {
    await choose("export.zip", zipOf(plausibleExportFiles()));
    await section()
      .getByText(/759 visitors, 2,087 visits, 6,298 page views/)
      .waitFor(APPEARS);
    await section().getByText("cities were left out").waitFor(APPEARS);
    expect(await listed()).toEqual([]);
    await section().getByRole("button", { name: "Import" }).click();
    await section().getByRole("link", { name: "Compare with our count" }).waitFor(APPEARS);
    expect(await listed()).toHaveLength(1);
  });

  it("lays both counts side by side: the same page views, other visits, and why", async () => {
    await section().getByRole("link", { name: "Compare with our count" }).click();
    await page.getByText("Both count 6,298 page views.").waitFor(APPEARS);
    await page.getByRole("button", { name: "Visits", exact: true }).click();
    await page.getByText("Plausible counts 2,087 visits and Edgewise 2,096: 9 fewer there").waitFor(APPEARS);
    await page.getByText("What counts as one visit").waitFor(APPEARS);
    await page.getByText("Nothing is left unexplained.").waitFor(APPEARS);
    const day = page.getByRole("row", { name: /2024-03-31/ });
    expect(await day.getByRole("cell").allTextContents()).toEqual(
      ["1,204", "1,208", "-4"].map((text) => expect.stringContaining(text)),
    );
  });

  it("says the same by the API, to the last page view of every day and page", async () => {
    const [history] = await listed();
    const path = `/api/v1/sites/${SITE}/reconciliation?history=${history!.id}`;
    const { body } = await api.request<Reconciliation>("GET", path);
    expect(body.totals).toMatchObject({
      theirs: { visits: VISITS.theirs, pageviews: 6298 },
      ours: { visits: VISITS.ours, pageviews: 6298 },
    });
    for (const rows of [body.days, body.pages!.rows])
      for (const { value, theirs, ours } of rows) expect([value, theirs.pageviews]).toEqual([value, ours.pageviews]);
    expect(body.explained[1]).toMatchObject({
      difference: VISITS.theirs - VISITS.ours,
      unexplained: 0,
      causes: [{ cause: "visit_definition", share: 100 }],
    });
  });

  it("counts anew in the other tool's zone, which page views then betray as wrong", async () => {
    await page.getByLabel("Their time zone").fill("Asia/Tokyo");
    await page.getByRole("button", { name: "Count anew" }).click();
    await page.getByText("Days begin at another hour").waitFor(APPEARS);
    expect(await namelessParts(page)).toEqual([]);
  });

  it("shows the export in the overview of a site that has not begun, and leaves it out on request", async () => {
    const MOVED = "moved.example";
    await api.createSite({ id: MOVED });
    const headers = { authorization: `Bearer ${server.adminToken}` };
    const body = new Blob([Buffer.from(zipOf(plausibleExportFiles()))]);
    const path = `/api/v1/sites/${MOVED}/history?name=export.zip`;
    expect((await fetch(server.url + path, { method: "POST", headers, body })).status).toBe(200);
    await page.goto(`${server.url}/sites/${MOVED}?period=custom&from=2024-03-28&to=2024-03-31`);
    await page.getByText("Days are imported from Plausible").waitFor(APPEARS);
    await page.getByText("6,298").first().waitFor(APPEARS);
    await page
      .getByRole("button", { name: /\/:dashboard.*617/ })
      .first()
      .waitFor(APPEARS);
    expect(await overhang(page)).toBe(0);
    await page.getByRole("button", { name: "Leave it out" }).click();
    await page.getByText("Imported history is left out").waitFor(APPEARS);
    await page.getByText("6,298").first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Include it" }).click();
    await page.getByText("6,298").first().waitFor(APPEARS);
    await page.goto(`${server.url}/sites/${SITE}/reconciliation`);
    await page.getByText("Both count 6,298 page views.").waitFor(APPEARS);
  });

  it("fits a phone", async () => {
    await page.setViewportSize(PHONE);
    expect(await overhang(page)).toBe(0);
    await page.goto(`${server.url}/sites/${SITE}/settings`);
    await section().getByRole("link", { name: "Compare with our count" }).waitFor(APPEARS);
    expect(await overhang(page)).toBe(0);
    // The browser tells of the file that was refused.
    expect(opened.complaints).toEqual([expect.stringContaining("400")]);
  });

  it("removes the history and leaves the site's own events", async () => {
    page.on("dialog", (asked) => void asked.accept());
    await section().getByRole("button", { name: "Remove" }).click();
    await section().getByRole("button", { name: "Remove" }).waitFor({ state: "detached" });
    expect(await listed()).toEqual([]);
    const question = { site_id: SITE, metrics: ["visits"], date_range: ["2024-03-28", "2024-03-31"] };
    const { body } = await api.request<{ results: { metrics: number[] }[] }>("POST", "/api/v2/query", {
      body: question,
    });
    expect(body.results[0]!.metrics).toEqual([VISITS.ours]);
  });
});
