// The beacon script in a real Chromium: what it counts, and that no fault of ours reaches the page.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { named, useTrackedBrowser } from "../support/tracked-browser.ts";
import { type SentBeacon, startTrackedSite, type TrackedSite, trackedPage } from "../support/tracked-site.ts";

const STUB =
  "<script>window.edgewise = window.edgewise || function(){(edgewise.q = edgewise.q || []).push(arguments)}</script>";

const tracked = useTrackedBrowser();
const { open, settle, viewed, viewOf } = tracked;

describe("page views", () => {
  it("say site, address, referrer, title and width, in one simple request without cookies", async () => {
    const { site, context, page } = tracked;
    site.pages.set("/from", `<a href="/to?utm_source=news#part">go</a>`);
    await page.goto(`${site.origin}/from`);
    site.pages.set("/to", trackedPage());
    await page.click("a");
    const view = await site.beacon(named("pageview"));
    expect(view).toMatchObject({
      site: "shop",
      url: `${site.origin}/to?utm_source=news`,
      referrer: `${site.origin}/from`,
      title: "A page",
      width: 1000,
    });
    expect(view.id).toMatch(/^[0-9a-z]{8,13}-0$/);
    expect(view).not.toHaveProperty("at");
    expect(site.requests.map(({ method }) => method)).toEqual(["POST"]);
    expect(site.requests[0]?.headers["content-type"]).toMatch(/^text\/plain/);
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  });

  it("count once where the tag was put in twice", async () => {
    await open("/", trackedPage("", `<script data-site="shop" src="/js/edgewise.js"></script>`));
    await settle();
    expect(viewed()).toEqual(["/"]);
  });

  it("wait until a prerendered page is shown", async () => {
    const { site, page } = tracked;
    const pretend = `<script>Object.defineProperty(document, "prerendering", { value: true })</script>`;
    await open("/", trackedPage("", "", STUB + pretend));
    await page.evaluate(() => {
      window.edgewise?.("early");
      document.dispatchEvent(new Event("shown"));
    });
    expect(site.beacons).toEqual([]);
    await page.evaluate(() => document.dispatchEvent(new Event("prerenderingchange")));
    await settle();
    expect(site.beacons.slice(0, 2).map(({ name }) => name)).toEqual(["pageview", "early"]);
  });

  it("count a page that people go back to, be it kept by the browser or loaded again", async () => {
    const { site, page } = tracked;
    await open("/first");
    await site.beacon(viewOf("/first"));
    await open("/second");
    await site.beacon(viewOf("/second"));
    await page.goBack({ waitUntil: "commit" });
    await expect.poll(viewed).toEqual(["/first", "/second", "/first"]);
  });

  it("count once more when a page is put away and comes back as it was", async () => {
    const { site, page } = tracked;
    await open("/");
    await site.beacon(viewOf("/"));
    // The events of the back/forward cache, which not every build of Chromium has.
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      document.dispatchEvent(new Event("visibilitychange"));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    await expect.poll(viewed).toEqual(["/", "/"]);
    await settle();
    expect(site.beacons.filter(named("engagement"))).toHaveLength(1);
  });

  it("are the page's own business with data-manual", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage("data-manual"));
    await page.evaluate(() => {
      history.pushState(null, "", "/pushed");
      window.edgewise?.("pageview", { url: "/virtual", props: { step: 2 } });
    });
    await settle();
    expect(viewed()).toEqual(["/virtual"]);
    expect(site.beacons[0]?.props).toEqual({ step: 2 });
  });
});

describe("single-page navigation", () => {
  it("counts pushState, replaceState and going back where the path changes", async () => {
    const { site, page } = tracked;
    await open("/a");
    await page.evaluate(() => history.pushState(null, "", "/b"));
    await site.beacon(viewOf("/b"));
    await page.evaluate(() => history.replaceState(null, "", "/c"));
    await site.beacon(viewOf("/c"));
    await page.evaluate(() => history.back());
    await expect.poll(viewed).toEqual(["/a", "/b", "/c", "/a"]);
  });

  it("does not count the same path again, for a filter in the query or a kept scroll position", async () => {
    const { page } = tracked;
    await open("/a");
    await page.evaluate(() => {
      history.replaceState({ scroll: 1 }, "");
      history.pushState(null, "", "/a?page=2");
      location.hash = "part";
    });
    await settle();
    expect(viewed()).toEqual(["/a"]);
  });

  it("counts a redirect once, with the new page's title and no referrer", async () => {
    const { site, page } = tracked;
    await open("/a");
    await page.evaluate(() => {
      history.pushState(null, "", "/old");
      history.replaceState(null, "", "/new");
      document.title = "The new page";
    });
    const view = await site.beacon(viewOf("/new"));
    expect(view).toMatchObject({ title: "The new page", referrer: "" });
    expect(viewed()).toEqual(["/a", "/new"]);
  });

  it("puts an event right after a navigation on the new page, behind its view", async () => {
    const { site, page } = tracked;
    await open("/a");
    await site.beacon(viewOf("/a"));
    await page.evaluate(() => {
      history.pushState(null, "", "/thanks");
      window.edgewise?.("signup");
    });
    const signup = await site.beacon(named("signup"));
    expect(signup.url).toBe(`${site.origin}/thanks`);
    expect(counterOf(signup)).toBeGreaterThan(counterOf(await site.beacon(viewOf("/thanks"))));
  });

  it("counts fragments with data-hash, and then sends them", async () => {
    const { site, page } = tracked;
    await open("/#/a", trackedPage("data-hash"));
    await page.evaluate(() => {
      location.hash = "#/b";
    });
    await site.beacon(viewOf("/#/b"));
    await page.evaluate(() => history.back());
    await expect.poll(viewed).toEqual(["/#/a", "/#/b", "/#/a"]);
  });

  it("sees routers that kept the browser's own function", async () => {
    const { site, page } = tracked;
    await open("/a", trackedPage("", "", "<script>const kept = history.pushState.bind(history)</script>"));
    await site.beacon(viewOf("/a"));
    await page.evaluate(`kept(null, "", "/b")`);
    await site.beacon(viewOf("/b"));
  });

  it("leaves a frozen history alone", async () => {
    const { site, page } = tracked;
    await open("/a", trackedPage("", "", "<script>Object.freeze(history)</script>"));
    await page.evaluate(() => history.pushState(null, "", "/b"));
    await site.beacon(viewOf("/b"));
  });

  it("hands the page the browser's own refusal", async () => {
    const { page } = tracked;
    await open("/a");
    const refusal = await page.evaluate(() => {
      try {
        history.pushState(null, "", "https://elsewhere.example/");
      } catch (error) {
        return String(error);
      }
    });
    expect(refusal).toContain("SecurityError");
  });
});

function counterOf({ id = "" }: SentBeacon): number {
  return Number(id.split("-")[1]);
}

describe("custom events", () => {
  it("carry properties, revenue and the tag's own properties", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage(`data-prop-plan="pro" data-props-team="a b"`));
    await page.evaluate(() =>
      window.edgewise?.("purchase", { props: { items: 3 }, revenue: { amount: 9.9, currency: "EUR" } }),
    );
    expect(await site.beacon(named("purchase"))).toMatchObject({
      props: { plan: "pro", team: "a b", items: 3 },
      revenue: { amount: 9.9, currency: "EUR" },
    });
    expect((await site.beacon(named("pageview"))).props).toEqual({ plan: "pro", team: "a b" });
  });

  it("may be sent before the script has loaded, and by a function kept from then", async () => {
    const { site, page } = tracked;
    const early = `${STUB}<script>edgewise("early", { props: { n: 1 } }); const kept = edgewise</script>`;
    await open("/", trackedPage("", "", early));
    await site.beacon(named("early"));
    await page.evaluate(`kept("late")`);
    await site.beacon(named("late"));
    expect(site.beacons.map(({ name }) => name)).toEqual(["pageview", "early", "late"]);
  });

  it("tell a callback what became of them, once", async () => {
    const { page } = tracked;
    await open("/");
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })),
    );
    expect(outcome).toEqual({ status: 202 });
  });

  it("have an id of their own each", async () => {
    const { site, page } = tracked;
    await open("/");
    await page.evaluate(() => {
      for (let n = 0; n < 20; n++) window.edgewise?.("step");
    });
    await expect.poll(() => site.beacons.length).toBe(21);
    expect(new Set(site.beacons.map(({ id }) => id)).size).toBe(21);
  });
});

describe("attention", () => {
  const tall = `<div style="height: 4000px; margin: -8px">tall</div>`;

  it("is sent once when the page is left, with the depth that was seen", async () => {
    const { site, page } = tracked;
    await open("/a", trackedPage("", tall));
    await site.beacon(viewOf("/a"));
    const before = Date.now();
    await page.evaluate(() => scrollTo(0, 1200));
    await open("/b");
    const engagement = await site.beacon(named("engagement"));
    expect(engagement.url).toBe(`${site.origin}/a`);
    expect(engagement.scroll).toBeCloseTo(50, -1);
    expect(engagement.engagement).toBeGreaterThan(0);
    expect(engagement.engagement).toBeLessThan(Date.now() - before + 60_000);
    await settle();
    expect(site.beacons.filter(named("engagement"))).toHaveLength(1);
  });

  it("belongs to the page that a single-page navigation leaves", async () => {
    const { site, page } = tracked;
    await open("/a", trackedPage("", tall));
    await site.beacon(viewOf("/a"));
    await page.evaluate(() => history.pushState(null, "", "/b"));
    const [engagement, view] = [await site.beacon(named("engagement")), await site.beacon(viewOf("/b"))];
    expect(engagement.url).toBe(`${site.origin}/a`);
    expect(counterOf(engagement)).toBeLessThan(counterOf(view));
  });

  it("is time with the page visible and focused only", async () => {
    const { site, page } = tracked;
    await page.clock.install();
    await open("/a");
    await site.beacon(viewOf("/a"));
    const state = (hidden: boolean, focused: boolean) =>
      page.evaluate(
        ([isHidden, isFocused]) => {
          Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
          document.hasFocus = () => Boolean(isFocused);
          document.dispatchEvent(new Event("visibilitychange"));
          window.dispatchEvent(new Event(isFocused ? "focus" : "blur"));
        },
        [hidden, focused],
      );
    await page.clock.pauseAt(Date.now() + 60_000);
    await state(false, true);
    await state(true, false);
    await site.beacon(named("engagement"));
    await page.clock.runFor(10_000);
    await state(false, false);
    await page.clock.runFor(10_000);
    await state(false, true);
    await page.clock.runFor(7_000);
    await state(true, false);
    await expect.poll(() => site.beacons.filter(named("engagement")).length).toBe(2);
    expect(site.beacons.filter(named("engagement"))[1]?.engagement).toBe(7_000);
  });

  it("is off with data-engagement", async () => {
    const { site, page } = tracked;
    await open("/a", trackedPage(`data-engagement="off"`));
    await site.beacon(viewOf("/a"));
    await page.evaluate(() => history.pushState(null, "", "/b"));
    await settle();
    expect(site.beacons.filter(named("engagement"))).toEqual([]);
  });
});

describe("links", () => {
  let elsewhere: TrackedSite;
  beforeEach(async () => {
    elsewhere = await startTrackedSite();
    elsewhere.pages.set("/shop/item", "elsewhere");
  });
  afterEach(() => elsewhere.close());

  const host = (origin: string) => origin.replace("http://", "");

  it("to other hosts are counted without their query, and followed", async () => {
    const { site, page } = tracked;
    await open("/", trackedPage("", `<a href="${elsewhere.origin}/shop/item?token=1#x"><b>out</b></a>`));
    await page.click("b");
    expect(await site.beacon(named("outbound_link_clicked"))).toMatchObject({
      url: `${site.origin}/`,
      props: { url: `${host(elsewhere.origin)}/shop/item` },
    });
    await page.waitForURL(`${elsewhere.origin}/**`);
  });

  it("are counted with the middle button, inside a shadow root and where the page stops the click", async () => {
    const { site, page } = tracked;
    const shadow = `<div id="root"></div><script>
      root.attachShadow({ mode: "open" }).innerHTML = '<a href="${elsewhere.origin}/shop/item" target="_blank">out</a>';
      root.addEventListener("click", (event) => event.stopPropagation());
    </script>`;
    await open("/", trackedPage("", shadow));
    await page.click("#root a", { button: "middle" });
    await page.click("#root a");
    await expect.poll(() => site.beacons.filter(named("outbound_link_clicked")).length).toBe(2);
  });

  it("within the site, by mail and by the right button are not counted", async () => {
    const { site, page } = tracked;
    const links = `<a id="in" href="/in">in</a> <a id="mail" href="mailto:a@example.com">mail</a>
      <a id="out" href="${elsewhere.origin}/shop/item">out</a>`;
    await open("/", trackedPage("", `${links}<script>addEventListener("click", (e) => e.preventDefault())</script>`));
    await page.click("#in");
    await page.click("#mail");
    await page.click("#out", { button: "right" });
    await settle();
    expect(site.beacons.filter(({ name }) => name.endsWith("_clicked"))).toEqual([]);
  });

  it("to files are downloads, by their ending or the download attribute", async () => {
    const { site, page } = tracked;
    const links = `<a id="pdf" href="/files/Price.PDF?v=2">a</a> <a id="named" href="/export" download="x">b</a>`;
    await open("/", trackedPage("", `${links}<script>addEventListener("click", (e) => e.preventDefault())</script>`));
    await page.click("#pdf");
    await page.click("#named");
    await settle();
    const urls = site.beacons.filter(named("file_downloaded")).map(({ props }) => props?.url);
    expect(urls).toEqual([`${host(site.origin)}/files/Price.PDF`, `${host(site.origin)}/export`]);
  });

  it("follow the options: a list of endings, or off", async () => {
    const { site, page } = tracked;
    const links = `<a id="pdf" href="/a.pdf">a</a> <a id="odt" href="/b.odt">b</a> <a id="out" href="${elsewhere.origin}/">c</a>
      <script>addEventListener("click", (e) => e.preventDefault())</script>`;
    await open("/list", trackedPage(`data-downloads="odt, epub" data-outbound="off"`, links));
    for (const id of ["#pdf", "#odt", "#out"]) await page.click(id);
    await settle();
    await open("/off", trackedPage(`data-downloads="off"`, links));
    for (const id of ["#pdf", "#odt", "#out"]) await page.click(id);
    await settle();
    const clicks = site.beacons.filter(({ name }) => /clicked|downloaded/.test(name));
    expect(clicks.map(({ props }) => props?.url)).toEqual([`${host(site.origin)}/b.odt`, `${host(elsewhere.origin)}/`]);
  });
});

describe("exclusion", () => {
  it("sends nothing for a browser whose owner opted out, and tells callbacks", async () => {
    const { site, context, page } = tracked;
    site.pages.set("/", trackedPage());
    await context.addInitScript(() => localStorage.setItem("edgewise_ignore", "true"));
    await page.goto(site.origin);
    const outcome = await page.evaluate(
      () => new Promise((resolve) => window.edgewise?.("signup", { callback: resolve })),
    );
    expect(outcome).toEqual({});
    await page.evaluate(() => localStorage.removeItem("edgewise_ignore"));
    await settle();
    expect(site.beacons).toHaveLength(1);
  });

  it("follows path patterns", async () => {
    const options = `data-include="/blog/*, /docs" data-exclude="*/draft*,/blog/a.b"`;
    for (const path of ["/shop", "/docs", "/docs/more", "/blog/one", "/blog/draft-2", "/blog/a.b", "/blog/aXb"]) {
      await open(path, trackedPage(options));
    }
    await settle();
    await expect.poll(viewed).toEqual(["/docs", "/blog/one", "/blog/aXb"]);
  });

  it("counts where storage is closed to the page", async () => {
    const { site } = tracked;
    site.pageHeaders = { "content-security-policy": "sandbox allow-scripts" };
    await open("/");
    await site.beacon(viewOf("/"));
  });
});
