// From a page view in one browser to the Live page of another: it appears, it is counted once, and a line that breaks in
// between loses nothing. How long it takes is printed and not judged: other work on the machine must not fail a test.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { amountOf } from "../../workers/domain/money.ts";
import { BROWSER, connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { type OpenDashboard, openDashboard } from "../support/dashboard-browser.ts";
import { type NetworkLine, openLine } from "../support/network-line.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { servePages, type VisitedPages } from "../support/visited-pages.ts";

const VIEWS = 20;
const APPEARS = { timeout: 10_000 };
const RECONNECTS = { timeout: 40_000 };
const SECOND_BROWSER = BROWSER.replace("X11; Linux x86_64", "Macintosh; Intel Mac OS X 10_15_7");

let server: TestServer;
let api: TestApi;
let visiting: Browser;
let watching: Browser;

declare global {
  interface Window {
    /** When each path was first shown in the stream, milliseconds since 1970. */
    shownAt?: Record<string, number>;
  }
}

beforeAll(async () => {
  // What a page sends while it is left takes its agent from the browser, whatever its context says.
  const args = [`--user-agent=${BROWSER}`];
  [server, visiting, watching] = await Promise.all([startTestServer(), launchChromium({ args }), launchChromium()]);
  api = connectTestApi(server);
});
afterAll(async () => {
  await Promise.all([visiting?.close(), watching?.close(), server?.discard()]);
});

/** The snippet as the dashboard shows it. */
async function snippetFor(site: string): Promise<string> {
  const { page, context } = await openDashboard(watching, server.url, {
    token: server.adminToken,
    path: `/sites/${site}/start`,
  });
  const snippet = await page.locator(".snippet code").textContent();
  await context.close();
  return snippet ?? "";
}

/** A site with its pages, and its Live page in the second browser once that is connected. */
async function watchSite(site: string, url = server.url) {
  await api.createSite({ id: site, shards: 2 });
  const pages = await servePages(await snippetFor(site));
  const live = await openDashboard(watching, url, { token: server.adminToken, path: `/sites/${site}/live` });
  await live.page.getByText("Waiting for events").waitFor(APPEARS);
  return { pages, live };
}

async function visitor(options: BrowserContextOptions = {}): Promise<{ context: BrowserContext; page: Page }> {
  const context = await visiting.newContext(options);
  return { context, page: await context.newPage() };
}

const paths = (live: OpenDashboard) => live.page.locator(".stream-path");
const visitorsNow = (live: OpenDashboard) => live.page.locator(".now-count").textContent();
const connectionOf = (live: OpenDashboard) => live.page.getByRole("status").textContent();
const eventsShown = (live: OpenDashboard) =>
  live.page.getByRole("figure", { name: /events in the last 30 minutes/ }).getAttribute("aria-label");

/** When the page was gone to and when its first beacon left, milliseconds since 1970. */
function timesOf(page: Page): Promise<{ opened: number; sent: number }> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const { timeOrigin } = performance;
        new PerformanceObserver((list) => {
          const beacon = list.getEntries().find(({ name }) => name.endsWith("/api/event"));
          if (beacon) resolve({ opened: timeOrigin, sent: timeOrigin + beacon.startTime });
        }).observe({ type: "resource", buffered: true });
      }),
  );
}

/** Nearest rank, of figures in any order. */
function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
}

describe("a page view", () => {
  let pages: VisitedPages;
  let live: OpenDashboard;
  let first: Awaited<ReturnType<typeof visitor>>;

  beforeAll(async () => {
    ({ pages, live } = await watchSite("live.example"));
    first = await visitor();
    await live.page.evaluate(() => {
      const shownAt: Record<string, number> = {};
      window.shownAt = shownAt;
      const look = () => {
        for (const { textContent } of document.querySelectorAll(".stream-path")) shownAt[textContent] ??= Date.now();
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  });
  afterAll(() => pages?.close());

  it(`is shown on the Live page of another browser, each of ${VIEWS}`, async () => {
    const sinceOpened: number[] = [];
    const sinceSent: number[] = [];
    for (let n = 0; n < VIEWS; n++) {
      const path = `/view-${n}`;
      await first.page.goto(pages.origin + path);
      await paths(live).getByText(path, { exact: true }).waitFor(APPEARS);
      const shown = await live.page.evaluate((seen) => window.shownAt?.[seen] ?? Number.NaN, path);
      const { opened, sent } = await timesOf(first.page);
      sinceOpened.push(shown - opened);
      sinceSent.push(shown - sent);
    }
    for (const [what, figures] of Object.entries({ "navigation began": sinceOpened, "beacon was sent": sinceSent })) {
      console.log(
        `live: shown after the ${what}, ${VIEWS} views: p50 ${quantile(figures, 0.5)} ms, p95 ${quantile(figures, 0.95)} ms`,
      );
    }
    expect(await paths(live).count()).toBe(VIEWS);
    await expect.poll(() => eventsShown(live)).toBe(`${VIEWS} events in the last 30 minutes`);
    expect(await visitorsNow(live)).toBe("1");
  });

  it("of a second visitor counts as another person, on the page they are on", async () => {
    const second = await visitor({ userAgent: SECOND_BROWSER });
    await second.page.goto(`${pages.origin}/elsewhere`);
    await expect.poll(() => visitorsNow(live), APPEARS).toBe("2");
    const list = live.page.getByRole("region", { name: "Pages" });
    await expect
      .poll(() => list.getByRole("listitem").allInnerTexts(), APPEARS)
      .toEqual(["/elsewhere\n1", "/view-19\n1"]);
    await second.context.close();
  });

  it("is followed by the visitor's custom events, which reach their goal", async () => {
    await api.createGoal("live.example", { kind: "event", match: "signup" });
    await first.page.evaluate(() => window.edgewise?.("signup", { props: { plan: "pro" } }));
    const line = live.page.locator(".stream-line").filter({ hasText: "signup" });
    await line.getByText("/view-19").waitFor(APPEARS);
    const goals = live.page.getByRole("region", { name: "Goals" });
    await expect.poll(() => goals.getByRole("listitem").allInnerTexts(), APPEARS).toEqual(["signup\n1"]);
    expect(await visitorsNow(live)).toBe("2");
    expect(live.complaints).toEqual([]);
  });
});

describe("the Live page whose line breaks in mid-stream", () => {
  /** Goes from path to path within one page, as single-page sites do. */
  const walk = (page: Page, steps: readonly string[]) =>
    page.evaluate((all) => {
      for (const path of all) {
        history.replaceState(null, "", path);
        window.edgewise?.("step");
      }
    }, steps);
  const steps = (name: string, count: number) => Array.from({ length: count }, (_, n) => `/${name}-${n}`);

  async function countedEvents(site: string): Promise<number | null | undefined> {
    const { results } = await api.query({ metrics: ["events"], date_range: "day" }, site);
    return amountOf(results[0]?.metrics[0]);
  }

  /** Each step is a view and an event; in the stream, each of both is there once. */
  async function expectEachOnce(
    live: OpenDashboard,
    expected: readonly string[],
    patience = RECONNECTS,
  ): Promise<void> {
    const twice = ["/", ...expected, ...expected].sort();
    await expect.poll(async () => (await paths(live).allInnerTexts()).sort(), patience).toEqual(twice);
    await expect.poll(() => eventsShown(live), APPEARS).toBe(`${twice.length} events in the last 30 minutes`);
  }

  it("says so, and after the line is back it shows every event once", async () => {
    const line: NetworkLine = await openLine(server.url);
    const { pages, live } = await watchSite("cut.example", line.url);
    const { page, context } = await visitor();
    await page.goto(`${pages.origin}/`);
    const [before, meanwhile, after] = [steps("before", 6), steps("meanwhile", 6), steps("after", 6)];
    await walk(page, before);
    await expectEachOnce(live, before);
    expect(await connectionOf(live)).toBe("Live");

    line.cut();
    await expect.poll(() => connectionOf(live), APPEARS).toBe("Connection lost, trying again…");
    await walk(page, meanwhile);
    await expect.poll(() => countedEvents("cut.example"), APPEARS).toBe(25);
    expect(await paths(live).count()).toBe(13);

    line.mend();
    await expect.poll(() => connectionOf(live), RECONNECTS).toBe("Live");
    await walk(page, after);
    await expectEachOnce(live, [...before, ...meanwhile, ...after]);
    expect(await visitorsNow(live)).toBe("1");
    await Promise.all([context.close(), live.context.close(), pages.close(), line.close()]);
  });

  it("because the server was killed: after a restart it shows every event once, those sent meanwhile too", async () => {
    const site = "killed.example";
    const { pages, live } = await watchSite(site);
    const { page, context } = await visitor();
    await page.goto(`${pages.origin}/`);
    const [before, meanwhile, after] = [steps("before", 5), steps("meanwhile", 5), steps("after", 5)];
    await walk(page, before);
    await expectEachOnce(live, before);

    await server.kill("both");
    await walk(page, meanwhile);
    await expect.poll(() => connectionOf(live), APPEARS).toBe("Connection lost, trying again…");
    await server.restart();
    await expect.poll(() => connectionOf(live), RECONNECTS).toBe("Live");
    await walk(page, after);
    // A server that was away is left alone for a while, and then each event has its own time to come again.
    await expectEachOnce(live, [...before, ...meanwhile, ...after], { timeout: 90_000 });
    expect(await visitorsNow(live)).toBe("1");
    const { results } = await api.query({ metrics: ["events", "visitors", "visits"], date_range: "day" }, site);
    expect(results[0]?.metrics).toEqual([31, 1, 1]);
    await Promise.all([context.close(), live.context.close(), pages.close()]);
  });
});
