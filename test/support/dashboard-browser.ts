// The dashboard in a real Chromium, with its complaints: whatever a page logs as an error or throws is kept.

import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface OpenDashboard {
  context: BrowserContext;
  page: Page;
  /** Errors of the page's console and uncaught exceptions, since it was opened. */
  complaints: string[];
}

interface DashboardOptions extends BrowserContextOptions {
  /** Signs in by the printed link when given. */
  token?: string;
  /** Default: the list of sites. */
  path?: string;
}

/** A browser profile of its own with the dashboard open at `path`. */
export async function openDashboard(browser: Browser, url: string, options: DashboardOptions): Promise<OpenDashboard> {
  const { token, path = "/", ...settings } = options;
  const context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB", timezoneId: "UTC", ...settings });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url + path + (token === undefined ? "" : `#token=${token}`));
  return { context, page, complaints };
}

/** How many pixels the page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** The names by which assistive technology calls the buttons inside, in order; "" for one that has none. */
export async function buttonNames(inside: Locator): Promise<string[]> {
  const buttons = (await inside.ariaSnapshot()).matchAll(
    /^ *- (?:'button "(.*?)"'?|button(?: "(.*?)")?)(?: \[.*\])?(?::.*)?$/gm,
  );
  return [...buttons].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** Controls, pictures and headings to which assistive technology can give no name. */
export async function namelessParts(page: Page): Promise<string[]> {
  const lines = (await page.locator("body").ariaSnapshot()).split("\n");
  return lines.filter((line) =>
    /^ *- (?:button|link|textbox|combobox|checkbox|dialog|img|heading)(?: \[.*\])?:?$/.test(line),
  );
}

/** When all that the page asked for at its start is drawn, and no colour is still on its way to another. */
export async function settled(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector(".skeleton:not(.sample), .faded") === null &&
      document.getAnimations().every(({ effect, playState }) => {
        return playState !== "running" || effect?.getTiming().iterations === Number.POSITIVE_INFINITY;
      }),
  );
}
