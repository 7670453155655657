// A page loaded for the first time by a phone on a slow network, in a real Chromium: when its figures are there, what of
// script came for it, and how much it moved about meanwhile.

import type { Browser, CDPSession, Page } from "playwright-core";
import { PHONE } from "../../test/support/dashboard-browser.ts";

/** Lighthouse's slow 4G and its phone. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const CPU_SLOWER = 4;
const PATIENCE_MS = 60_000;
/** Without a change of the layout, a page counts as settled. */
const SETTLED_MS = 1_500;
/** What draws charts, and comes after the page that holds them. */
const CHART_SCRIPT = /-(?:canvas|chart)\b|canvas-style/;

export interface LoadedPage {
  name: string;
  path: string;
  /** CSS: the first figure. */
  figure: string;
}

export interface FirstLoad {
  name: string;
  /** Milliseconds from the start of navigation: until its first figure, and until nothing is waited for. */
  figureMs: number;
  wholeMs: number;
  /** Bytes as they came over the network: script before charts, and that of charts. */
  scriptBytes: number;
  chartBytes: number;
  /** Sum of the layout shifts, as browsers score them. */
  shift: number;
}

interface Watched {
  figure: number | null;
  whole: number | null;
  shift: number;
}

/** Runs in the page, from its very start. */
function watchPage(selector: string): void {
  const seen: Watched = { figure: null, whole: null, shift: 0 };
  Object.assign(globalThis, { seen });
  const look = () => {
    const hasFigure = document.querySelector(selector) !== null;
    if (!hasFigure) return;
    seen.figure ??= performance.now();
    const isWaiting = document.querySelector(".skeleton, .stat-empty, .faded") !== null;
    seen.whole = isWaiting ? null : (seen.whole ?? performance.now());
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };
  new PerformanceObserver((list) => {
    const entries = list.getEntries() as Shift[]; // of the type observed
    for (const { value, hadRecentInput } of entries) if (!hadRecentInput) seen.shift += value;
  }).observe({ type: "layout-shift", buffered: true });
}

/** Bytes of script by its address. */
function scriptsOf(network: CDPSession): Map<string, number> {
  const addresses = new Map<string, string>();
  const bytes = new Map<string, number>();
  network.on("Network.responseReceived", ({ requestId, type, response }) => {
    if (type === "Script") addresses.set(requestId, response.url);
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const address = addresses.get(requestId);
    if (address) bytes.set(address, encodedDataLength);
  });
  return bytes;
}

const seenOn = (page: Page): Promise<Watched> => page.evaluate(() => (globalThis as unknown as { seen: Watched }).seen); // set above

export interface Visit {
  url: string;
  /** Of who is signed in. */
  cookie: { name: string; value: string };
}

export async function loadPage(browser: Browser, { url, cookie }: Visit, loaded: LoadedPage): Promise<FirstLoad> {
  const context = await browser.newContext({ viewport: PHONE, isMobile: true, locale: "en-GB", timezoneId: "UTC" });
  try {
    await context.addCookies([{ ...cookie, url }]);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", NETWORK);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWER });
    await page.addInitScript(watchPage, loaded.figure);
    const scripts = scriptsOf(session);
    await page.goto(url + loaded.path, { waitUntil: "commit" });
    await page.waitForFunction(
      (quiet) => {
        const { whole } = (globalThis as unknown as { seen: Watched }).seen; // set above
        return whole !== null && performance.now() - whole > quiet;
      },
      SETTLED_MS,
      { timeout: PATIENCE_MS },
    );
    const { figure, whole, shift } = await seenOn(page);
    const sum = (charts: boolean) =>
      [...scripts].reduce((all, [address, bytes]) => all + (CHART_SCRIPT.test(address) === charts ? bytes : 0), 0);
    const times = { figureMs: figure ?? Number.NaN, wholeMs: whole ?? Number.NaN };
    return { name: loaded.name, ...times, scriptBytes: sum(false), chartBytes: sum(true), shift };
  } finally {
    await context.close();
  }
}
