// The script with consent in a real Chromium: what it sends and keeps by what its visitor, another platform or a signal says.

import { AxeBuilder } from "@axe-core/playwright";
import { beforeEach, describe, expect, it } from "vitest";
import { named, useTrackedBrowser } from "../support/tracked-browser.ts";
import { type SentBeacon, startTrackedSite, trackedPage } from "../support/tracked-site.ts";

const tracked = useTrackedBrowser();
const { open, settle, viewOf } = tracked;

const ASKS = { ask: true, before: "cookieless", purposes: ["analytics"] } as const;
const GRANTED = { analytics: true, experience: true, marketing: true };
const REFUSED = { analytics: false, experience: false, marketing: false };
const KEY = "edgewise_consent";

beforeEach(() => {
  tracked.site.question = { ...ASKS, purposes: ["analytics"] };
});

const dialog = () => tracked.page.getByRole("dialog", { name: "Consent" });
const button = (name: string) => dialog().getByRole("button", { name });

/** Everything that a page can leave in a browser. */
async function left(): Promise<Record<string, string>> {
  const cookies = await tracked.context.cookies();
  const stored = await tracked.page.evaluate(async () => ({
    ...Object.fromEntries(Object.entries(localStorage)),
    ...Object.fromEntries(Object.entries(sessionStorage)),
    ...Object.fromEntries((await indexedDB.databases()).map(({ name }) => [`database ${name}`, ""])),
    ...Object.fromEntries((await caches.keys()).map((name) => [`cache ${name}`, ""])),
  }));
  return { ...stored, ...Object.fromEntries(cookies.map(({ name, value }) => [`cookie ${name}`, value])) };
}

const idsOf = ({ persistentId, userId, consent }: SentBeacon) => ({ persistentId, userId, consent });
const NO_IDS = { persistentId: undefined, userId: undefined };
const say = (said?: unknown) => tracked.page.evaluate((value) => window.edgewise?.consent?.(value as never), said); // any word, as a page may say it
const sent = (name: string) => {
  const event = tracked.site.beacon(named(name));
  return tracked.page.evaluate((word) => window.edgewise?.(word), name).then(() => event);
};

async function keptId(): Promise<string> {
  return JSON.parse((await left())[KEY] ?? "{}").id;
}

describe("asked, before an answer", () => {
  it("a visitor is counted without an id, and nothing is written", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage(`data-consent="ask"`));
    await dialog().waitFor();
    await page.evaluate(() => window.edgewise?.identify?.("user-7"));
    expect(idsOf(await site.beacon(viewOf("/")))).toEqual({ ...NO_IDS, consent: {} });
    expect(idsOf(await sent("early"))).toEqual({ ...NO_IDS, consent: {} });
    expect(await left()).toEqual({});
  });

  it("nothing at all is sent where the site wants that; the page counts once the answer is yes", async () => {
    const { site } = tracked;
    site.question = { ...ASKS, before: "nothing", purposes: ["analytics"] };
    await open("/first", trackedPage(`data-consent="ask"`));
    await dialog().waitFor();
    await open("/second", trackedPage(`data-consent="ask"`));
    await button("Accept").click();
    const view = await site.beacon(viewOf("/second"));
    expect(view).toMatchObject({ persistentId: await keptId(), consent: { analytics: true } });
    expect(site.beacons.filter(viewOf("/first"))).toEqual([]);
  });

  it("the server decides where it could not be asked", async () => {
    const { site, page } = tracked;
    site.question = null;
    await open("/", trackedPage(`data-consent="ask"`));
    expect(idsOf(await site.beacon(viewOf("/")))).toEqual({ ...NO_IDS, consent: {} });
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});

describe("an answer", () => {
  it("of yes gives the browser an id, which lasts and goes with each event, as does the user", async () => {
    const { page } = tracked;
    await open("/", trackedPage(`data-consent="ask"`));
    await button("Accept").click();
    await page.evaluate(() => window.edgewise?.identify?.("user-7"));
    const id = await keptId();
    expect(id).toMatch(/^[0-9a-z]{16,32}$/);
    const identified = { persistentId: id, userId: "user-7", consent: { analytics: true } };
    expect(idsOf(await sent("one"))).toEqual(identified);
    expect(Object.keys(await left())).toEqual([KEY]);
    expect(JSON.stringify(await left())).not.toContain("user-7");
    await open("/next", trackedPage(`data-consent="ask"`));
    expect(idsOf(await sent("two"))).toEqual({ ...identified, userId: undefined });
    expect(await dialog().count()).toBe(0);
  });

  it("of no leaves the word and no id; nothing more is sent, and nobody asks again", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage(`data-consent="ask"`));
    await button("Refuse").click();
    const kept = JSON.parse((await left())[KEY] ?? "");
    expect(kept).toEqual({ answer: { analytics: false }, day: expect.any(Number) });
    const count = site.beacons.length;
    await open("/next", trackedPage(`data-consent="ask"`));
    const outcome = await page.evaluate(() => new Promise((done) => window.edgewise?.("no", { callback: done })));
    expect(outcome).toEqual({});
    expect(await dialog().count()).toBe(0);
    expect(site.beacons).toHaveLength(count);
    expect(site.withdrawals).toEqual([]);
  });

  it("is forgotten after half a year, and the id with it", async () => {
    const { context } = tracked;
    const day = Math.floor(Date.now() / 86_400_000) - 183;
    const old = JSON.stringify({ answer: { analytics: true }, id: "old-id-0123456789", day });
    await context.addInitScript(([key, value]) => localStorage.setItem(key!, value!), [KEY, old]);
    await open("/", trackedPage(`data-consent="ask"`));
    await dialog().waitFor();
    expect(await left()).toEqual({});
    expect(idsOf(await sent("one"))).toEqual({ ...NO_IDS, consent: {} });
  });

  it("is not asked for outside the site's regions", async () => {
    const { site } = tracked;
    site.question = { ...ASKS, ask: false, purposes: ["analytics"] };
    await open("/", trackedPage(`data-consent="ask"`));
    await site.beacon(viewOf("/"));
    expect(await dialog().count()).toBe(0);
    expect(await left()).toEqual({});
  });

  it("may be the page's own to give, also before the script has loaded", async () => {
    const stub = `<script>window.edgewise = window.edgewise || function () { (edgewise.q = edgewise.q || []).push(arguments) }
      edgewise.consent = edgewise.consent || function (said) { edgewise("$consent", said) }
      edgewise.identify = edgewise.identify || function (user) { edgewise("$identify", user) }
      edgewise.consent({ analytics: true }); edgewise.identify("user-7")</script>`;
    await open("/", trackedPage("data-consent", "", stub));
    const id = await keptId();
    expect(idsOf(await sent("one"))).toEqual({ persistentId: id, userId: "user-7", consent: { analytics: true } });
    expect(await say()).toEqual({ analytics: true });
  });

  it("by purpose goes with each event", async () => {
    const { site } = tracked;
    site.question = { ...ASKS, purposes: ["analytics", "experience", "marketing"] };
    await open("/", trackedPage(`data-consent="ask"`));
    await dialog()
      .getByRole("checkbox", { name: /Experience/ })
      .check();
    await button("Save choice").click();
    expect(await say()).toEqual({ analytics: false, experience: true, marketing: false });
    await say("ask");
    await button("Accept").click();
    expect((await sent("one")).consent).toEqual(GRANTED);
  });
});

describe("a withdrawal", () => {
  const accept = async () => {
    await open("/", trackedPage(`data-consent="ask"`));
    await button("Accept").click();
    return keptId();
  };

  it("removes the id, tells the server which it was, and ends what was still to be sent", async () => {
    const { site, page } = tracked;
    const id = await accept();
    await sent("before");
    site.answers.push(503);
    await sent("waits");
    await say("withdraw");
    await expect.poll(() => site.withdrawals).toEqual([id]);
    await expect
      .poll(left)
      .toEqual({ [KEY]: JSON.stringify({ answer: REFUSED, day: Math.floor(Date.now() / 864e5) }) });
    await page.clock.install();
    const count = site.beacons.length;
    await page.evaluate(() => window.edgewise?.("after"));
    await page.clock.runFor(600_000);
    await open("/next", trackedPage(`data-consent="ask"`));
    expect(site.beacons).toHaveLength(count);
  });

  it("reaches the other pages of the site that are open", async () => {
    const { site, context } = tracked;
    await accept();
    const other = await context.newPage();
    await other.goto(`${site.origin}/`);
    const isGranted = () => other.evaluate(() => window.edgewise?.consent?.().analytics);
    await expect.poll(isGranted).toBe(true);
    await say("withdraw");
    await expect.poll(isGranted).toBe(false);
    const count = site.beacons.length;
    await other.evaluate(() => new Promise((done) => window.edgewise?.("other", { callback: done })));
    expect(site.beacons).toHaveLength(count);
  });

  it("is said again on the next page where the server was away", async () => {
    const { site } = tracked;
    const id = await accept();
    const { question } = site;
    site.question = null;
    await say("withdraw");
    await expect.poll(async () => (await left())[KEY]).toContain(id);
    site.question = question;
    await open("/next", trackedPage(`data-consent="ask"`));
    await expect.poll(() => site.withdrawals).toEqual([id]);
    await expect.poll(async () => JSON.stringify(await left())).not.toContain(id);
  });

  it("can be followed by another yes, with another id", async () => {
    const id = await accept();
    await say("withdraw");
    await say("ask");
    await button("Accept").click();
    expect(await keptId()).toMatch(/^[0-9a-z]{16,32}$/);
    expect(await keptId()).not.toBe(id);
  });
});

describe("a signal of the browser", () => {
  it.each([
    ["Global Privacy Control", "globalPrivacyControl", true],
    ["Do Not Track", "doNotTrack", "1"],
  ])("%s is an answer: nobody asks, nothing is kept, no id is sent, whatever a page says", async (_, name, value) => {
    const { context } = tracked;
    await context.addInitScript(
      ([key, state]) => {
        Object.defineProperty(navigator, String(key), { value: state });
        localStorage.setItem("edgewise_consent", JSON.stringify({ answer: { analytics: true }, id: "x", day: 99_999 }));
      },
      [name, value],
    );
    await open("/", trackedPage(`data-consent="ask"`));
    await say(GRANTED);
    expect(idsOf(await sent("one"))).toEqual({ ...NO_IDS, consent: undefined });
    expect(await dialog().count()).toBe(0);
    expect(await left()).toEqual({});
  });
});

describe("another platform's answer", () => {
  const tcf = (...granted: number[]) => `<script>
    const consents = Object.fromEntries(${JSON.stringify(granted)}.map((id) => [id, true]));
    window.tell = (purposes, eventStatus = "useractioncomplete") =>
      window.listener({ gdprApplies: true, eventStatus, purpose: { consents: purposes } }, true);
    window.__tcfapi = (command, version, callback) => {
      if (command !== "addEventListener" || version !== 2) throw new Error(command + version);
      window.listener = callback;
      callback({ gdprApplies: true, eventStatus: "cmpuishown", purpose: { consents: { 1: true, 8: true, 9: true } } }, true);
      ${granted.length > 0 ? `window.tell(consents, "tcloaded")` : ""}
    }</script>`;

  it.each([
    [[1, 7, 8, 9, 10], GRANTED],
    [[1, 8, 9], { analytics: true, experience: false, marketing: false }],
  ])("by TCF, purposes %j", async (purposes, consent) => {
    await open("/", trackedPage(`data-consent="tcf"`, "", tcf(...purposes)));
    expect(idsOf(await sent("one"))).toEqual({ persistentId: await keptId(), userId: undefined, consent });
  });

  it("by TCF is silence while its dialog is open, and a no without storage or statistics", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage(`data-consent="tcf"`, "", tcf()));
    expect(idsOf(await sent("open"))).toEqual({ ...NO_IDS, consent: {} });
    await page.evaluate("tell({ 7: true, 8: true, 9: true, 10: true })");
    expect(await say()).toEqual(REFUSED);
    expect(await left()).toEqual({});
    await page.evaluate("tell({ 1: true, 8: true, 9: true })");
    const id = await keptId();
    expect((await sent("granted")).persistentId).toBe(id);
    await page.evaluate("tell({})");
    await expect.poll(() => site.withdrawals).toEqual([id]);
    await expect.poll(left).toEqual({});
  });

  it("by TCF may come late, from a platform that is slow", async () => {
    const { page } = tracked;
    await page.clock.install();
    await open("/", trackedPage(`data-consent="tcf"`));
    await page.evaluate(() => {
      Object.assign(window, {
        __tcfapi: (_: string, __: number, callback: (data: object, ok: boolean) => void) =>
          callback({ eventStatus: "tcloaded", purpose: { consents: { 1: true, 8: true, 9: true } } }, true),
      });
    });
    await page.clock.runFor(1_000);
    expect(await say()).toMatchObject({ analytics: true });
  });

  const gtag = (...commands: unknown[]) =>
    `<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments) }
      ${commands.map((command) => `gtag("consent", ${JSON.stringify(command).slice(1, -1)})`).join(";")}</script>`;
  const DENIED = {
    analytics_storage: "denied",
    ad_storage: "denied",
    ad_user_data: "denied",
    personalization_storage: "denied",
  };
  const ALLOWED = Object.fromEntries(Object.keys(DENIED).map((signal) => [signal, "granted"]));

  it("by Google's consent mode: a default that denies is silence, updates are answers", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage(`data-consent="google"`, "", gtag(["default", DENIED])));
    expect(idsOf(await sent("silent"))).toEqual({ ...NO_IDS, consent: {} });
    expect(await left()).toEqual({});
    const update = (states: object) => page.evaluate(`gtag("consent", "update", ${JSON.stringify(states)})`);
    await update(ALLOWED);
    const id = await keptId();
    expect(idsOf(await sent("granted"))).toEqual({ persistentId: id, userId: undefined, consent: GRANTED });
    await update({ ad_user_data: "denied" });
    expect((await sent("less")).consent).toEqual({ ...GRANTED, marketing: false });
    await update({ analytics_storage: "denied" });
    await expect.poll(() => site.withdrawals).toEqual([id]);
    await expect.poll(left).toEqual({});
  });

  it("by Google's consent mode, given before the script has loaded, and a default that grants is nobody's answer", async () => {
    await open("/", trackedPage(`data-consent="google"`, "", gtag(["default", ALLOWED])));
    expect(await say()).toEqual({});
    await open("/", trackedPage(`data-consent="google"`, "", gtag(["default", DENIED], ["update", ALLOWED])));
    expect(await say()).toEqual(GRANTED);
  });
});

describe("the banner", () => {
  it.each([
    ["one purpose", ["analytics"], { width: 1000, height: 800 }],
    ["three, on a phone", ["analytics", "experience", "marketing"], { width: 320, height: 640 }],
  ] as const)("with %s has no fault that axe finds, and a yes and a no alike", async (_, purposes, size) => {
    const { site, page } = tracked;
    site.question = { ...ASKS, purposes: [...purposes] };
    await page.setViewportSize(size);
    await open("/", trackedPage(`data-consent="ask" data-consent-link="/privacy"`, "<main><h1>A page</h1></main>"));
    await dialog().waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
    const looks = await Promise.all(
      ["Accept", "Refuse"].map((name) =>
        button(name).evaluate((element) => {
          const { color, backgroundColor, fontSize, fontWeight, height, borderWidth } = getComputedStyle(element);
          return { color, backgroundColor, fontSize, fontWeight, height, borderWidth };
        }),
      ),
    );
    expect(looks[0]).toEqual(looks[1]);
    expect(Number.parseFloat(looks[0]!.height)).toBeGreaterThanOrEqual(44);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(size.width);
    for (const box of await dialog().getByRole("checkbox").all()) expect(await box.isChecked()).toBe(false);
  });

  it("takes no focus from a page that opens, is first by keyboard, and Escape is no answer", async () => {
    const { page } = tracked;
    await open("/form", trackedPage(`data-consent="ask"`, `<input id="field" autofocus>`));
    await dialog().waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("field");
    await open("/", trackedPage(`data-consent="ask"`, `<a href="/next">next</a>`));
    await dialog().waitFor();
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent);
    expect(await focused()).toBe("Accept");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Refuse");
    await page.keyboard.press("Escape");
    expect(await dialog().count()).toBe(0);
    expect([await say(), await left()]).toEqual([{}, {}]);
  });

  it("opened by the visitor takes the focus and gives it back", async () => {
    const { page } = tracked;
    await open(
      "/",
      trackedPage("data-consent", `<button id="again" onclick="edgewise.consent('ask')">Consent…</button>`),
    );
    await page.focus("#again");
    await page.keyboard.press("Enter");
    await dialog().waitFor();
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute("role"))).toBe(
      "dialog",
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("again");
    expect(await say()).toEqual({ analytics: false });
  });

  it("speaks the page's words and wears its colours, under a strict policy on styles and markup", async () => {
    const { site } = tracked;
    site.pageHeaders = {
      "content-security-policy": "default-src 'self'; style-src 'none'; require-trusted-types-for 'script'",
    };
    await open("/", trackedPage(`data-consent="ask" data-consent-accept="Zustimmen" data-consent-refuse="Ablehnen"`));
    await button("Zustimmen").waitFor();
    const section = dialog();
    expect(await section.evaluate((element) => getComputedStyle(element).position)).toBe("fixed");
    await button("Ablehnen").click();
    expect(await say()).toEqual({ analytics: false });
  });
});

describe("a fault", () => {
  it("of storage costs the memory of the answer, and nothing else", async () => {
    const { site } = tracked;
    site.pageHeaders = { "content-security-policy": "sandbox allow-scripts" };
    await open("/", trackedPage(`data-consent="ask"`));
    await button("Accept").click();
    expect((await sent("one")).persistentId).toMatch(/^[0-9a-z]{16,32}$/);
  });

  it("of the server costs the page nothing: no banner, events in peace", async () => {
    const collector = await startTrackedSite();
    await collector.close();
    await open("/", trackedPage(`data-consent="ask" data-api="${collector.origin}/api/event"`));
    const { page } = tracked;
    await say(GRANTED);
    await say("withdraw");
    expect(await page.evaluate(() => new Promise((done) => window.edgewise?.("x", { callback: done })))).toEqual({});
  });

  it.each(["null", "[]", "7", '{"ask":true}', '{"ask":true,"before":"x","purposes":"all"}'])(
    "of its answer, such as %s, throws nothing into the page",
    async (question) => {
      const { site } = tracked;
      site.question = JSON.parse(question);
      await open("/", trackedPage(`data-consent="ask"`));
      await say(GRANTED);
      await settle();
    },
  );
});
