// The beacon script where things are broken: a dead or refusing server, a strict page, nonsense from its caller. The
// page loads, navigates and sees no exception, and what can still be delivered is.

import { describe, expect, it } from "vitest";
import { named, useTrackedBrowser } from "../support/tracked-browser.ts";
import { type SentBeacon, startTrackedSite, type TrackedSite, trackedPage } from "../support/tracked-site.ts";

/** Longer than all repeats of an event take together. */
const ALL_REPEATS_MS = 600_000;

const tracked = useTrackedBrowser();
const { open, settle, viewed, viewOf } = tracked;

/** A collector on a port that answered before and is closed now; `revive` opens it again. */
async function deadCollector(): Promise<{ api: string; revive: () => Promise<TrackedSite> }> {
  const collector = await startTrackedSite();
  await collector.close();
  const port = Number(new URL(collector.origin).port);
  return { api: `data-api="${collector.origin}/api/event"`, revive: () => startTrackedSite(port) };
}

function failedRequests(): () => number {
  let count = 0;
  tracked.page.on("requestfailed", () => {
    count += 1;
  });
  return () => count;
}

/** Resolves when the page waits for no answer. A clock that is moved before that cuts the attempt short. */
function restingRequests(): () => Promise<void> {
  let open = 0;
  tracked.page.on("request", () => {
    open += 1;
  });
  for (const end of ["requestfinished", "requestfailed"] as const) {
    tracked.page.on(end as "requestfinished", () => {
      open -= 1;
    });
  }
  return () => expect.poll(() => open).toBe(0);
}

const idsOf = (beacons: SentBeacon[]) => new Set(beacons.map(({ id }) => id));

describe("a dead server", () => {
  it("costs the page nothing: it loads, its links are followed, callbacks are told", async () => {
    const { page } = tracked;
    const { api } = await deadCollector();
    tracked.site.pages.set("/next", trackedPage(api, "next"));
    await open("/", trackedPage(api, `<a href="/next">next</a>`));
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })),
    );
    expect(outcome).toEqual({});
    await page.click("a");
    await page.waitForURL("**/next");
    expect(await page.textContent("body")).toBe("next");
  });

  it("gets everything when it is back, each event once, with its own time and marked as a retry", async () => {
    const { page } = tracked;
    const { api, revive } = await deadCollector();
    const failed = failedRequests();
    const before = Date.now();
    await open("/", trackedPage(api));
    await page.evaluate(() => {
      window.edgewise?.("one");
      window.edgewise?.("two", { props: { n: 2 } });
    });
    await expect.poll(failed).toBeGreaterThanOrEqual(3);
    const collector = await revive();
    const two = await collector.beacon(named("two"));
    await collector.beacon(named("one"));
    await collector.beacon(named("pageview"));
    expect(two).toMatchObject({ retry: true, props: { n: 2 } });
    expect(two.at).toBeGreaterThanOrEqual(before);
    expect(two.at).toBeLessThanOrEqual(Date.now());
    expect(idsOf(collector.beacons).size).toBe(collector.beacons.length);
    await collector.close();
  });

  it("gets what still waits when the page is left", async () => {
    const { page } = tracked;
    await page.clock.install();
    const { api, revive } = await deadCollector();
    const failed = failedRequests();
    await open("/", trackedPage(api));
    await page.evaluate(() => window.edgewise?.("one"));
    await expect.poll(failed).toBe(2);
    const collector = await revive();
    tracked.site.pages.set("/bye", "bye");
    await page.goto(`${tracked.site.origin}/bye`);
    expect(await collector.beacon(named("one"))).toMatchObject({ retry: true });
    await collector.beacon(named("pageview"));
    await collector.close();
  });

  it("has 15 seconds' rest after five failures in a row, then again after one more, until it is back", async () => {
    const { page } = tracked;
    await page.clock.install();
    // No chance: repeats come 1.5, 7.5 and 31.5 seconds after an event, none of them while the next try is watched.
    await page.addInitScript(() => {
      Math.random = () => 0.5;
    });
    const { api, revive } = await deadCollector();
    const failed = failedRequests();
    await open("/", trackedPage(api));
    const sendOne = () =>
      page.evaluate(() => new Promise((resolve) => window.edgewise?.("step", { callback: resolve })));
    await expect.poll(failed).toBe(1);
    for (let n = 2; n <= 5; n++) {
      await sendOne();
      expect(failed()).toBe(n);
    }
    for (let n = 0; n < 10; n++) expect(await sendOne()).toEqual({});
    expect(failed()).toBe(5);
    await page.clock.runFor(13_000);
    await sendOne();
    expect(failed()).toBe(5);
    await page.clock.runFor(3_000);
    await sendOne();
    await sendOne();
    expect(failed()).toBe(6);
    const collector = await revive();
    await page.clock.runFor(16_000);
    await page.evaluate(() => window.edgewise?.("back"));
    await collector.beacon(named("back"));
    await collector.close();
  });

  it("is left in peace after a few tries, and at most fifty events wait for it", async () => {
    const { page } = tracked;
    await page.clock.install();
    const { api, revive } = await deadCollector();
    const failed = failedRequests();
    const rest = restingRequests();
    await open("/", trackedPage(api));
    await page.evaluate(() => {
      const send = () => new Promise((resolve) => window.edgewise?.("step", { callback: resolve }));
      return Promise.all(Array.from({ length: 60 }, send));
    });
    expect(failed()).toBe(61);
    const collector = await revive();
    // In steps shorter than an attempt may take, each of which is really made.
    for (let passed = 0; passed < 240_000; passed += 5_000) {
      await page.clock.runFor(5_000);
      await rest();
    }
    expect(idsOf(collector.beacons).size).toBe(50);
    expect(failed()).toBe(61);
    await collector.close();
  });
});

describe("a server that hangs", () => {
  it("costs an event ten seconds and the page none; the event is sent again", async () => {
    const { site, page } = tracked;
    await page.clock.install();
    site.answers.push("hang", "hang");
    site.pages.set("/next", "next");
    await open("/", trackedPage("", `<a href="/next">next</a>`));
    await site.beacon(viewOf("/"));
    const told = page.evaluate(() => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })));
    await site.beacon(named("signup"));
    // The browser's own timer, which no clock of a test moves.
    expect(await told).toEqual({});
    await page.clock.runFor(3_000);
    await expect.poll(() => site.beacons.filter(named("signup")).map(({ retry }) => retry)).toEqual([undefined, true]);
    await page.click("a");
    await page.waitForURL("**/next");
  }, 40_000);

  it("does not hold up a page that is loading: its load event comes before any answer", async () => {
    const { site, page } = tracked;
    site.answers.push("hang");
    const waits = `<script>addEventListener("load", () => { window.isLoaded = true })</script>`;
    await open("/", trackedPage("", "", waits));
    expect(await page.evaluate("window.isLoaded")).toBe(true);
    await site.beacon(viewOf("/"));
  });

  it("that answers without end is not read: the status is all that counts", async () => {
    const { site, page } = tracked;
    site.answers.push(202, "flood");
    await open("/");
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })),
    );
    expect(outcome).toEqual({ status: 202 });
    await settle();
    expect(site.beacons.filter(named("signup"))).toHaveLength(1);
  });
});

describe("a server that answers", () => {
  it.each([503, 429, 500])("%i gets the event again, under the same id", async (status) => {
    const { site, page } = tracked;
    await page.clock.install();
    site.answers.push(status);
    await open("/");
    await site.beacon(viewOf("/"));
    await expect
      .poll(async () => {
        await page.clock.runFor(2_000);
        return site.beacons.filter(named("pageview")).length;
      })
      .toBe(2);
    expect(idsOf(site.beacons).size).toBe(1);
    expect(site.beacons.map(({ retry }) => retry)).toEqual([undefined, true]);
  });

  it.each([202, 400, 403, 413])("%i has had its say", async (status) => {
    const { site, page } = tracked;
    await page.clock.install();
    site.answers.push(202, status);
    await open("/");
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("odd", { callback: resolve })),
    );
    expect(outcome).toEqual({ status });
    await page.clock.runFor(ALL_REPEATS_MS);
    await settle();
    expect(site.beacons.filter(named("odd"))).toHaveLength(1);
  });
});

describe("a page", () => {
  it("whose policy forbids the connection sees no exception", async () => {
    const { site, page } = tracked;
    site.pageHeaders = { "content-security-policy": "connect-src 'none'" };
    await open("/");
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })),
    );
    expect(outcome).toEqual({});
    await open("/next");
    expect(site.beacons).toEqual([]);
  });

  it.each([
    ["fetch", "delete window.fetch"],
    ["time-outs for requests", "delete AbortSignal.timeout"],
    ["storage", "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"],
    ["working listeners", "window.addEventListener = () => { throw new Error('no') }"],
  ])("without %s works on", async (_, damage) => {
    const { page } = tracked;
    await open("/", trackedPage("", `<button>b</button>`, `<script>${damage}</script>`));
    await page.evaluate(() => {
      window.edgewise?.("signup");
      history.pushState(null, "", "/b");
    });
    await page.click("button");
    await open("/next", "next");
  });

  it("may call with nonsense, and the next event is counted all the same", async () => {
    const { page } = tracked;
    await open("/");
    await page.evaluate(() => {
      const circle: Record<string, unknown> = {};
      circle.circle = circle;
      const call: unknown = window.edgewise;
      if (typeof call !== "function") throw new Error("the script is not there");
      call();
      call(null, null);
      call(Symbol("s"));
      call("circle", { props: circle });
      call("url", { url: "http://[" });
      call("big", { props: { n: 1n } });
      call("throws", {
        get props() {
          throw new Error("no");
        },
      });
      call("pageview", { url: "http://[" });
    });
    await settle();
    expect(viewed()).toEqual(["/"]);
  });

  it("that runs wild is cut short, and so is an event that no server would take", async () => {
    const { site, page } = tracked;
    await open("/");
    await site.beacon(viewOf("/"));
    const told = await page.evaluate(async () => {
      const send = (name: string, props = {}) =>
        new Promise((resolve) => window.edgewise?.(name, { props, callback: resolve }));
      const big = await send("big", { text: "x".repeat(40_000) });
      const all = await Promise.all(Array.from({ length: 3_000 }, () => send("wild")));
      return {
        big,
        dropped: all.filter((outcome) => JSON.stringify(outcome) === "{}").length,
        seconds: performance.now() / 1000,
      };
    });
    expect(told.big).toEqual({});
    const wild = site.beacons.filter(named("wild")).length;
    expect(wild).toBeGreaterThan(50);
    expect(wild).toBeLessThanOrEqual(101 + told.seconds * 10);
    expect(wild + told.dropped).toBe(3_000);
    expect(site.beacons.filter(named("big"))).toEqual([]);
  });

  it("with a module script, which does not know its tag, goes on without it", async () => {
    const { site, page } = tracked;
    site.pages.set("/", `<script type="module" data-site="shop" src="/js/edgewise.js"></script>`);
    await page.goto(site.origin);
    await open("/tracked");
    await settle();
    expect(viewed()).toEqual(["/tracked"]);
  });

  it("may be excluded by a path with the signs of regular expressions", async () => {
    await open("/a(b", trackedPage(`data-exclude="/a(b,/[x"`));
    await open("/a", trackedPage(`data-exclude="/a(b,/[x"`));
    await settle();
    expect(viewed()).toEqual(["/a"]);
  });
});
