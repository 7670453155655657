// Each page of the dashboard on real traffic, replayed from a file that other programs have counted: what is seen in a real
// Chromium are their figures, and those of the API.

import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { buttonNames, type OpenDashboard, openDashboard, settled } from "../support/dashboard-browser.ts";
import { fixturesDir, readFixture, readJsonFixture } from "../support/fixtures.ts";
import { startReplay } from "../support/replay.ts";
import { startTestServer, type TestServer } from "../support/server.ts";

type Counted = [value: string, visitors: number, visits: number];

interface Answers {
  totals: { pageviews: number; visitors: number };
  per_day: [day: string, pageviews: number, visitors: number, visits: number][];
  top_pages: [page: string, pageviews: number, visitors: number][];
  countries: Counted[];
  devices: Counted[];
  sources: Counted[];
  sessions_30min_rule: { sessions: number; bounces_one_pageview: number };
  funnel: { by_visitor: number[] };
}

const SITE = "plausible.io";
const FILE = "web/plausible_io_2024-03_events.csv.gz";
const PERIOD = "period=custom&from=2024-03-28&to=2024-03-31";
const APPEARS = { timeout: 15_000 };

interface Line {
  timestamp: string;
  name: string;
  user_id: string;
}

const events = (): Line[] => parse(readFixture(FILE), { columns: true, relax_quotes: true });

/** Of those first seen on each day: how many, and how many of them came on it and on each day after. */
function cohortsByDay(lines: Line[]): { people: number; back: number[] }[] {
  const days = new Map<string, Set<string>>();
  for (const { timestamp, name, user_id } of lines) {
    const day = timestamp.slice(0, 10);
    if (name === "pageview") days.set(day, (days.get(day) ?? new Set()).add(user_id));
  }
  const known = new Set<string>();
  return [...days.keys()].sort().map((day, index, all) => {
    const people = [...(days.get(day) ?? [])].filter((id) => !known.has(id));
    for (const id of people) known.add(id);
    const back = all.slice(index).map((later) => people.filter((id) => days.get(later)?.has(id)).length);
    return { people: people.length, back };
  });
}

/** Runs in the page: how wide a PNG is, and how many colours it has. */
async function drawnIn(base64: string): Promise<{ width: number; colours: number }> {
  const picture = new Image();
  picture.src = `data:image/png;base64,${base64}`;
  await picture.decode();
  const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
  context?.drawImage(picture, 0, 0);
  const { data } = context?.getImageData(0, 0, picture.width, picture.height) ?? { data: [] };
  return { width: picture.width, colours: new Set(new Uint32Array(Uint8Array.from(data).buffer)).size };
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const grouped = (value: number) => value.toLocaleString("en-GB");

describe.skipIf(!fixturesDir)("the pages, with a replayed log", () => {
  const answers = fixturesDir ? readJsonFixture<Answers>("web/plausible_io_2024-03_answers.json") : null;
  let server: TestServer;
  let api: TestApi;
  let browser: Browser;
  let opened: OpenDashboard;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), launchChromium()]);
    api = connectTestApi(server);
    await startReplay(server, FILE, ["--site", SITE, "--create", "--bots", "keep"]).summary;
    opened = await openDashboard(browser, server.url, { token: server.adminToken });
    ({ page } = opened);
    await page.getByRole("heading", { name: "Sites" }).waitFor(APPEARS);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.discard();
  });
  afterEach(() => expect(opened.complaints).toEqual([]));

  async function open(path: string): Promise<void> {
    await page.goto(`${server.url}/sites/${SITE}${path}${path.includes("?") ? "&" : "?"}${PERIOD}`);
    await settled(page);
  }
  const panel = (name: string | RegExp): Locator => page.getByRole("region", { name, exact: true });
  const expectText = (part: Locator, text: string | RegExp) =>
    expect.poll(async () => (await part.innerText()).replaceAll(/\s+/g, " "), APPEARS).toMatch(text);
  /** The rows of a list, without their share in percent. */
  const rows = async (name: string): Promise<string[]> =>
    (await buttonNames(panel(name).getByRole("list"))).map((row) => row.replace(/ [\d.]+%/, ""));

  it("overview", async () => {
    const { totals, top_pages, countries, sessions_30min_rule } = answers!; // skipped without
    await open("");
    const figures = page.getByRole("group", { name: /^Figures of the period/ });
    for (const [label, value] of [
      ["Visitors", totals.visitors],
      ["Visits", sessions_30min_rule.sessions],
      ["Page views", totals.pageviews],
    ] as const) {
      await expectText(figures, new RegExp(`${label} ${grouped(value)}\\b`));
    }
    const listed = top_pages.slice(0, 5).map(([path, , visitors]) => `${path} ${visitors}`);
    await expect.poll(async () => (await rows("Pages")).slice(0, 5), APPEARS).toEqual(listed);
    const names = new Intl.DisplayNames("en-GB", { type: "region" });
    const from = countries.slice(0, 5).map(([code, visitors]) => `${names.of(code)} ${visitors}`);
    await expect.poll(async () => (await rows("Places")).slice(0, 5), APPEARS).toEqual(from);
  });

  it("explore", async () => {
    await open("/explore?by=visit:device");
    const [desktop, mobile] = answers!.devices; // skipped without
    const listed = [desktop, mobile].map((one) => `${one?.[0]} ${one?.[1]}`);
    await expect.poll(() => rows("Visitors by device"), APPEARS).toEqual(listed);
  });

  it("a chart as a picture and as a file", async () => {
    await open("/explore");
    const taken = async (entry: string) => {
      await page.getByRole("button", { name: "Options of Visitors by time", exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: entry, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const picture = await taken("Download picture");
    expect(picture.name).toMatch(/\.png$/);
    const card = await panel("Visitors by time").boundingBox();
    const { width, colours } = await page.evaluate(drawnIn, picture.bytes.toString("base64"));
    expect(width).toBeCloseTo(2 * (card?.width ?? 0), -1);
    // A chart, text and their edges, and not a plain sheet.
    expect(colours).toBeGreaterThan(20);

    const file = await taken("Download CSV");
    const lines: Record<string, string>[] = parse(file.bytes, { columns: true, comment: "#" });
    expect(lines.map((line) => Object.values(line).slice(0, 2))).toEqual(
      answers!.per_day.map(([day, , visitors]) => [day, String(visitors)]), // skipped without
    );
  });

  it("funnels", async () => {
    await open("/funnels?steps=page:/sites|page:/:dashboard|page:/:dashboard/settings*");
    const [first, second, third] = answers!.funnel.by_visitor; // skipped without
    await expectText(panel("Funnel"), new RegExp(`of ${first} went all the way: ${third} .* ${second} 85%`));
  });

  it("paths", async () => {
    await open("/paths");
    const names = await buttonNames(page.locator(".sankey"));
    const begun = names.flatMap((name) => / ([\d,]+) visits at step 1\b/.exec(name)?.[1] ?? []);
    const sum = begun.reduce((all, text) => all + Number(text.replace(",", "")), 0);
    // Four visits are without a page view.
    expect(sum).toBe(answers!.sessions_30min_rule.sessions - 4);
  });

  it("retention", async () => {
    await open("/retention?each=day");
    const cohorts = cohortsByDay(events()).map(({ people, back }) => [
      people,
      ...back.map((one) => percent(one / people)),
    ]);
    const lines = await panel("Retention").getByRole("row").allInnerTexts();
    const seen = lines.slice(2).map((line) =>
      line
        .split("\t")
        .slice(1)
        .filter((cell) => cell.trim() !== ""),
    );
    expect(seen).toEqual(cohorts.map((line) => line.map(String)));
  });

  it("sessions", async () => {
    await open("/sessions");
    const { sessions, bounces_one_pageview } = answers!.sessions_30min_rule; // skipped without
    const bounced = percent(bounces_one_pageview / sessions);
    await expectText(panel("Visits"), new RegExp(`Visits ${grouped(sessions)} .*Bounce rate ${bounced}`));
  });

  it("the executive view", async () => {
    await open("/executive");
    const [direct] = answers!.sources; // skipped without
    await expectText(panel("Acquisition"), new RegExp(`Direct ${direct?.[1]}\\b`));
  });

  it("a board", async () => {
    const { body } = await api.request<{ id: string }>("POST", `/api/v1/sites/${SITE}/boards`, {
      body: { template: "web" },
    });
    await open(`/boards/${body.id}`);
    await expectText(panel("Visitors"), new RegExp(`^Visitors .*${answers!.totals.visitors}\\b`)); // skipped without
    const pages = panel("Pages");
    await pages.scrollIntoViewIfNeeded();
    const [top] = answers!.top_pages;
    await expectText(pages, new RegExp(`${top?.[0]} ${top?.[2]} ${grouped(top?.[1] ?? 0)}`));
  });

  it("what is sent now is on Live within seconds", async () => {
    await page.goto(`${server.url}/sites/${SITE}/live`);
    await settled(page);
    await api.send({ site: SITE, name: "pageview", url: "https://plausible.io/now" });
    await expectText(page.locator("main"), /\/now/);
  });
});
