// A run in each mode of consent, with known persons in a real Chromium and a server of its own: what each mode allows is
// stored, and nothing else of them is, in no byte of the state folder, of the browser or of what was printed.

import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_CONSENT, type SiteConsent } from "../../workers/domain/consent.ts";
import { BROWSER, connectTestApi, type TestApi } from "../support/api.ts";
import { launchChromium } from "../support/chromium.ts";
import { type HeaderProxy, startHeaderProxy } from "../support/header-proxy.ts";
import { startTestServer, type TestServer } from "../support/server.ts";
import { filesBelow, sealedText, tracesOf } from "../support/traces.ts";
import { startTrackedSite, type TrackedSite } from "../support/tracked-site.ts";

const ASK: SiteConsent = { ...DEFAULT_CONSENT, mode: "ask" };
const SILENT: SiteConsent = { ...ASK, before: "nothing" };
const TITLE = "A title that is kept as it is";
const APPEARS = { timeout: 10_000 };

const tcf = (...granted: number[]) => `window.__tcfapi = (command, version, callback) => callback({
  eventStatus: "tcloaded", purpose: { consents: Object.fromEntries(${JSON.stringify(granted)}.map((id) => [id, true])) } }, true)`;
const google = (state: string) => `window.dataLayer = []; function gtag() { dataLayer.push(arguments) }
  gtag("consent", "default", { analytics_storage: "denied" }); gtag("consent", "update", { analytics_storage: "${state}" })`;

interface Mode {
  /** Of the site. */
  consent: SiteConsent;
  /** Of the tag; without it, the script without consent. */
  source?: "ask" | "tcf" | "google";
  country?: string;
  /** Runs in the page before the script. */
  before?: string;
  headers?: Record<string, string>;
  answer?: "Accept" | "Refuse";
  withdraws?: true;
  /** Views and signups that are stored, and whether as a known person's; the answer comes between the two. */
  stored: { pageview: boolean; signup: boolean; identified: boolean };
  /** Why what is not stored was refused. */
  drops?: object;
}

const BOTH = { pageview: true, signup: true, identified: false };
const NEITHER = { pageview: false, signup: false, identified: false };
const KNOWN = { pageview: true, signup: true, identified: true };

const MODES: Readonly<Record<string, Mode>> = {
  cookieless: { consent: DEFAULT_CONSENT, stored: BOTH },
  "cookieless-with-script": { consent: DEFAULT_CONSENT, source: "ask", stored: BOTH },
  "before-an-answer": { consent: ASK, source: "ask", stored: BOTH },
  "before-an-answer-nothing": { consent: SILENT, source: "ask", stored: NEITHER },
  // The rule is the server's: a script that knows nothing of consent does not get around it.
  "before-an-answer-by-the-other-script": { consent: SILENT, stored: NEITHER, drops: { no_answer: 2 } },
  elsewhere: { consent: SILENT, source: "ask", country: "US", stored: BOTH },
  granted: { consent: ASK, source: "ask", answer: "Accept", stored: { ...KNOWN, pageview: true } },
  "granted-after-nothing": { consent: SILENT, source: "ask", answer: "Accept", stored: KNOWN },
  refused: { consent: ASK, source: "ask", answer: "Refuse", stored: { ...BOTH, signup: false } },
  "refused-after-nothing": { consent: SILENT, source: "ask", answer: "Refuse", stored: NEITHER },
  withdrawn: { consent: ASK, source: "ask", answer: "Accept", withdraws: true, stored: KNOWN, drops: { withdrawn: 1 } },
  "global-privacy-control": {
    consent: ASK,
    source: "ask",
    before: "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })",
    headers: { "sec-gpc": "1" },
    stored: NEITHER,
    drops: { do_not_track: 2 },
  },
  "do-not-track": {
    consent: DEFAULT_CONSENT,
    before: "Object.defineProperty(navigator, 'doNotTrack', { value: '1' })",
    headers: { dnt: "1" },
    stored: NEITHER,
    drops: { do_not_track: 2 },
  },
  "tcf-yes": { consent: SILENT, source: "tcf", before: tcf(1, 8, 9), stored: KNOWN },
  "tcf-no": { consent: SILENT, source: "tcf", before: tcf(8, 9), stored: NEITHER },
  "google-yes": { consent: SILENT, source: "google", before: google("granted"), stored: KNOWN },
  "google-no": { consent: SILENT, source: "google", before: google("denied"), stored: NEITHER },
};
const NAMES = Object.keys(MODES);

/** What is known of the person of a mode, and must not be written down. */
function personOf(mode: string) {
  const number = NAMES.indexOf(mode) + 10;
  return {
    userId: `user-${mode}-7f3a`,
    mail: `jane.${mode}@mail.example.org`,
    own: `own-browser-id-of-${mode}-91c2`,
    address: `203.0.113.${number}`,
    agent: `${BROWSER} Probe${number}x/7.${number}`,
  };
}

let server: TestServer;
let api: TestApi;
let browser: Browser;
let host: TrackedSite;
let proxy: HeaderProxy;
/** What a proxy in front says of the visitor of a mode. */
const proxied = new Map<string, Record<string, string>>();
/** Ids that browsers made for themselves. */
const browserIds = new Map<string, string>();

const siteOf = (mode: string) => `${mode}.example`;

function pageOf(mode: string): string {
  const { source, before = "" } = MODES[mode]!;
  const name = source ? "edgewise-consent" : "edgewise";
  const consent = source ? `data-consent="${source}"` : "";
  return `<!doctype html><html lang="en"><title>${TITLE}</title><script>${before}</script>
    <script defer data-site="${siteOf(mode)}" ${consent} data-api="${proxy.origin}/${mode}/api/event" src="${server.url}/js/${name}.js"></script><body></body></html>`;
}

beforeAll(async () => {
  [server, browser, host] = await Promise.all([
    startTestServer({ trustProxy: true }),
    launchChromium(),
    startTrackedSite(),
  ]);
  api = connectTestApi(server);
  proxy = await startHeaderProxy(server.url, proxied);
});
afterAll(async () => {
  await Promise.all([server.discard(), browser.close(), host.close(), proxy.close()]);
});

async function visit(mode: string): Promise<{ context: BrowserContext; page: Page }> {
  const { country = "DE", headers = {} } = MODES[mode]!;
  const { address, agent } = personOf(mode);
  proxied.set(mode, { "x-forwarded-for": address, "cf-ipcountry": country, ...headers });
  const context = await browser.newContext({ userAgent: agent });
  const page = await context.newPage();
  host.pages.set(`/${mode}`, pageOf(mode));
  await page.goto(`${host.origin}/${mode}`);
  return { context, page };
}

/** Everything that the page left in its browser. */
const leftBy = async (context: BrowserContext, page: Page): Promise<string> => {
  const stored = await page.evaluate(() => [
    Object.entries(localStorage),
    Object.entries(sessionStorage),
    document.cookie,
  ]);
  return JSON.stringify([stored, await context.cookies()]);
};

/** One page view, then the answer, then a signup in which the page gives away all it knows. */
async function act(mode: string, page: Page): Promise<void> {
  const { answer, withdraws, stored, drops } = MODES[mode]!;
  const { userId, mail, own } = personOf(mode);
  await page.evaluate((user) => window.edgewise?.identify?.(user), userId);
  if (answer) await page.getByRole("button", { name: answer }).click(APPEARS);
  // What is held back is told nothing.
  const isAnswered = stored.signup || drops !== undefined || answer === "Refuse";
  await page.evaluate(
    ({ isTold, ...ids }) =>
      new Promise<void>((resolve) => {
        window.edgewise?.("signup", { ...ids, callback: () => resolve() });
        if (!isTold) resolve();
      }),
    { userId: mail, persistentId: own, isTold: isAnswered },
  );
  if (!withdraws) return;
  const { id } = JSON.parse((await page.evaluate(() => localStorage.edgewise_consent)) ?? "{}");
  const withdrawn = page.waitForResponse((response) => response.url().endsWith("/api/consent"));
  await page.evaluate(() => window.edgewise?.consent?.("withdraw"));
  expect((await withdrawn).status()).toBe(204);
  // From a server that has not heard of it.
  const late = {
    site: siteOf(mode),
    name: "late",
    url: "https://a.example/",
    persistentId: id,
    consent: { analytics: true },
  };
  expect((await api.send([late])).body.reasons).toEqual({ withdrawn: 1 });
  browserIds.set(mode, id);
}

interface StoredEvent {
  name: string;
  userId: string;
  persistentId: string;
}

async function storedOf(mode: string): Promise<StoredEvent[]> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const path = `/api/v1/sites/${siteOf(mode)}/events?from=${day(-1)}&to=${day(1)}`;
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${server.adminToken}` } });
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line));
}

const PSEUDONYM = /^[0-9a-f]{16}$/;

describe.each(NAMES)("%s", (mode) => {
  const { consent, stored, drops = {}, answer, source } = MODES[mode]!;

  it("stores what it allows, and leaves in the browser what it allows", async () => {
    await api.createSite({ id: siteOf(mode), consent });
    const { context, page } = await visit(mode);
    await act(mode, page);
    const left = await leftBy(context, page);
    await context.close();

    const wanted = [...(stored.pageview ? ["pageview"] : []), ...(stored.signup ? ["signup"] : [])];
    const counted = async () =>
      (await storedOf(mode)).filter(({ name }) => wanted.includes(name)).map(({ name }) => name);
    await expect.poll(async () => (await counted()).sort(), APPEARS).toEqual(wanted);
    const events = await storedOf(mode);
    expect(events.filter(({ name }) => name !== "engagement" && !wanted.includes(name))).toEqual([]);
    const signup = events.find(({ name }) => name === "signup");
    if (stored.identified) {
      expect(signup?.userId).toMatch(PSEUDONYM);
      expect(signup?.persistentId).toMatch(PSEUDONYM);
    } else {
      for (const { userId, persistentId } of events) expect([userId, persistentId]).toEqual(["", ""]);
    }
    await api.flush(siteOf(mode));
    expect((await api.status(siteOf(mode))).drops).toMatchObject(drops);

    const { id } = JSON.parse(/(\{.*\})/.exec(JSON.parse(left)[0][0][0]?.[1] ?? "")?.[0] ?? "{}") as { id?: string };
    const keepsId = stored.identified && !MODES[mode]!.withdraws;
    expect(id === undefined).toBe(!keepsId);
    if (id) browserIds.set(mode, id);
    // An answer to the banner is a word that stays; nothing else is written where nobody said yes.
    if (!stored.identified && !(answer && source === "ask")) expect(left).toBe(JSON.stringify([[[], [], ""], []]));
    const { userId, mail, own, address } = personOf(mode);
    for (const secret of [userId, mail, own, address]) expect(left).not.toContain(secret);
  }, 60_000);
});

describe("after all of them", () => {
  const secrets = () => [
    ...NAMES.flatMap((mode) => Object.values(personOf(mode))),
    ...NAMES.map((mode) => /Probe\S+/.exec(personOf(mode).agent)![0]),
    ...browserIds.values(),
  ];

  it("no address, user agent, user id, mail address or browser's id is in a byte of the state folder or of the output", async () => {
    const [granted] = (await storedOf("granted")).filter(({ userId }) => userId !== "");
    await server.stop();
    const places = [
      ...filesBelow(server.dataDir),
      ...sealedText(server.dataDir),
      { name: "output", bytes: Buffer.from(server.output()) },
    ];
    // The search finds what is there: a title, and the pseudonyms of who said yes.
    expect(tracesOf([TITLE], places)).not.toEqual([]);
    for (const pseudonym of [granted!.userId, granted!.persistentId])
      expect(tracesOf([pseudonym], places)).not.toEqual([]);
    expect(browserIds.size).toBe(Object.values(MODES).filter(({ stored }) => stored.identified).length);
    expect(tracesOf(secrets(), places)).toEqual([]);
  }, 120_000);
});
