// A tracked site and a page of a real Chromium for each test of a file. No test passes if its page saw an exception.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type {} from "../../dashboard/tracker/tracker.ts";
import { launchChromium } from "./chromium.ts";
import { type SentBeacon, startTrackedSite, type TrackedSite, trackedPage } from "./tracked-site.ts";

export interface TrackedBrowser {
  readonly site: TrackedSite;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Serves `html` at the path and goes there. */
  open(path: string, html?: string): Promise<void>;
  /** Whatever the page sent before this has arrived when it settles. */
  settle(): Promise<void>;
  /** Paths of the page views so far, in order of arrival; a repeat of one is known by its id, as the product knows it. */
  viewed(): string[];
  viewOf(path: string): (beacon: SentBeacon) => boolean;
}

interface Opened {
  site: TrackedSite;
  context: BrowserContext;
  page: Page;
}

export const named =
  (name: string) =>
  (beacon: SentBeacon): boolean =>
    beacon.name === name;

/** Registers the hooks of the test file that calls it. */
export function useTrackedBrowser(): TrackedBrowser {
  let browser: Browser | undefined;
  let opened: Opened | undefined;
  let faults: string[] = [];

  beforeAll(async () => {
    // Without the switch that playwright sets, pages go into the back/forward cache as they do for people.
    browser = await launchChromium({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    if (!browser) throw new Error("the browser did not start");
    const [site, context] = await Promise.all([
      startTrackedSite(),
      browser.newContext({ viewport: { width: 1000, height: 800 } }),
    ]);
    const page = await context.newPage();
    faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    opened = { site, context, page };
  });
  afterEach(async () => {
    await opened?.context.close();
    await opened?.site.close();
    expect(faults).toEqual([]);
  });

  const now = (): Opened => {
    if (!opened) throw new Error("use it within a test");
    return opened;
  };
  return {
    get site() {
      return now().site;
    },
    get context() {
      return now().context;
    },
    get page() {
      return now().page;
    },
    open: (path, html = trackedPage()) => open(now(), path, html),
    settle: () => settle(now()),
    viewed: () => {
      const { site } = now();
      const views = new Map(site.beacons.filter(named("pageview")).map((beacon) => [beacon.id, beacon.url]));
      return [...views.values()].map((url) => url.replace(site.origin, ""));
    },
    viewOf: (path) => (beacon) => beacon.name === "pageview" && beacon.url === now().site.origin + path,
  };
}

async function open({ site, page }: Opened, path: string, html: string): Promise<void> {
  site.pages.set(path.replace(/[?#].*/, ""), html);
  await page.goto(site.origin + path);
}

async function settle({ site, page }: Opened): Promise<void> {
  const name = `settled_${site.beacons.length}`;
  await page.evaluate((marker) => window.edgewise?.(marker), name);
  await site.beacon(named(name));
}
